/** What a provider says of someone, read as an account here. */
import type { ProviderAccount } from '../registry/people-oidc.ts';
import type { OidcSettings } from './settings.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** The value of a claim, by its name or as a path. */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

/** A claim with one value may be that value alone. */
function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter((each) => typeof each === 'string');
}

export type Reading =
  | { readonly kind: 'account'; readonly account: ProviderAccount }
  | { readonly kind: 'no-role' }
  | { readonly kind: 'no-unit' };

/** Role and unit as the settings map them; without a role nobody gets in. */
export function readClaims(
  claims: Claims & { readonly iss: string; readonly sub: string },
  { settings, isUnit }: { readonly settings: OidcSettings; readonly isUnit: (code: string) => boolean },
): Reading {
  const groups = new Set(textsOf(claimOf(claims, settings.role_claim)));
  const role = settings.roles.find(({ group }) => groups.has(group))?.role;
  if (role === undefined) return { kind: 'no-role' };
  const unit = role === 'unit-admin' ? textsOf(claimOf(claims, settings.unit_claim)).find(isUnit) : undefined;
  if (role === 'unit-admin' && unit === undefined) return { kind: 'no-unit' };
  const { iss: issuer, sub: subject, preferred_username, email } = claims;
  const [username = subject] = textsOf([preferred_username, email]);
  return { kind: 'account', account: { issuer, subject, username, role, unit } };
}

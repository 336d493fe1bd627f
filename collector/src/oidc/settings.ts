/** The section `console.oidc` of the configuration: signing in with the province's own directory. */
import * as z from 'zod';
import { roles } from '../registry/roles.ts';

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Encrypted, or not leaving this machine. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
}

/** How a claim is named: `groups`, or `realm_access.roles` for one inside another. */
const ClaimName = z.string().min(1).max(200);

export const OidcSettings = z.strictObject({
  issuer: z
    .string()
    .max(2_000)
    .refine(isSafeUrl, 'expected an https address (http only on this machine)')
    .describe('address of the provider, as its discovery document has it'),
  client_id: z.string().min(1).max(200),
  client_secret: z.string().min(1).max(2_000).optional().describe('absent for a client without one'),
  name: z.string().min(1).max(60).default('OpenID Connect').describe('text of the button on the sign-in page'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'expected a scope: no spaces'))
    .default(['openid', 'profile'])
    .refine((scopes) => scopes.includes('openid'), 'expected openid among them'),
  role_claim: ClaimName.default('groups').describe('claim with the groups of the person'),
  roles: z
    .array(z.strictObject({ group: z.string().min(1).max(500), role: z.enum(roles) }))
    .min(1)
    .describe('which group has which role; of several the first in this list'),
  unit_claim: ClaimName.default('unit').describe('claim with the code of the unit, for the role unit-admin'),
});
export type OidcSettings = z.infer<typeof OidcSettings>;

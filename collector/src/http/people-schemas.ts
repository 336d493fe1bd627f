/** What the API takes and answers about people and tokens. */
import * as z from 'zod';
import { isPersonName, type Person } from '../registry/people.ts';
import { roles } from '../registry/roles.ts';
import type { TokenRecord } from '../registry/tokens.ts';
import { toIso } from './instants.ts';

const Instant = z.iso.datetime();
const Role = z.enum(roles);
const UnitCode = z.string().min(1).max(64).describe('Code of the unit that the role is limited to');

const PersonItem = z.strictObject({
  name: z.string(),
  source: z.enum(['local', 'oidc']).describe('Where the person is known: here, or with the OpenID Connect provider'),
  role: Role,
  unit: UnitCode.optional(),
  totp: z.boolean().describe('Whether signing in takes a code too'),
  must_change_password: z.boolean(),
  created_at: Instant,
  last_sign_in_at: Instant.optional(),
  disabled_at: Instant.optional(),
});
type PersonItem = z.infer<typeof PersonItem>;

export const PeopleAnswer = z.strictObject({ items: z.array(PersonItem), next: z.null() });
export const ChangedPerson = PersonItem.extend({
  initial_password: z.string().optional().describe('Shown this once; to be changed at the first sign-in'),
});

/** The rules of passwords are checked where the name is known; this only keeps the work small. */
const AnyPassword = z.string().max(1_000);

export const AddPersonBody = z.strictObject({
  name: z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .refine(isPersonName, { error: 'is not a name: 1 to 64 letters a-z, digits and the signs . _ @ -' }),
  role: Role,
  unit: UnitCode.optional(),
  password: AnyPassword.optional().describe('Without one, an initial one is made and shown'),
});

export const PersonParams = z.strictObject({ name: z.string().max(200) });
export const ChangePersonBody = z
  .strictObject({
    role: Role.optional(),
    unit: UnitCode.optional(),
    disabled: z.boolean().optional(),
    totp: z.literal(false).optional().describe('Takes one-time passwords away, for who lost the device'),
    reset_password: z.literal(true).optional().describe('Makes an initial password'),
  })
  .refine((body) => Object.keys(body).length > 0, { error: 'says nothing to change' });

const TokenItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: Role,
  unit: UnitCode.optional(),
  created_at: Instant,
  expires_at: Instant.optional(),
  last_used_at: Instant.optional(),
  revoked_at: Instant.optional(),
});
type TokenItem = z.infer<typeof TokenItem>;

export const TokensAnswer = z.strictObject({ items: z.array(TokenItem), next: z.null() });
export const CreatedToken = TokenItem.extend({ token: z.string().describe('The only copy there will ever be') });

export const CreateTokenBody = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('What it is for'),
  role: Role,
  unit: UnitCode.optional(),
  expires_at: Instant.optional().describe('Without one it works until it is revoked'),
});

export const TokenParams = z.strictObject({ id: z.string().max(100) });

function isoOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : toIso(at);
}

export function viewPerson(person: Person): PersonItem {
  const { name, role, unit, mustChangePassword, totpSecret, issuer, createdAt, lastSignInAt, disabledAt } = person;
  return {
    name,
    source: issuer === undefined ? 'local' : 'oidc',
    role,
    unit,
    totp: totpSecret !== undefined,
    must_change_password: mustChangePassword,
    created_at: toIso(createdAt),
    last_sign_in_at: isoOf(lastSignInAt),
    disabled_at: isoOf(disabledAt),
  };
}

export function viewToken({ id, name, role, unit, ...times }: TokenRecord): TokenItem {
  return {
    id,
    name,
    role,
    unit,
    created_at: toIso(times.createdAt),
    expires_at: isoOf(times.expiresAt),
    last_used_at: isoOf(times.lastUsedAt),
    revoked_at: isoOf(times.revokedAt),
  };
}

import type { People } from '../registry/people.ts';
import { permissionsOf } from '../registry/roles.ts';
import type { Identity } from './access.ts';
import { toIso } from './instants.ts';
import type { Me } from './schemas.ts';

/** Who is asking, as they are told themselves. */
export function viewIdentity(identity: Identity, options: { readonly people: People; readonly version: string }): Me {
  const person = identity.person === undefined ? undefined : options.people.byId(identity.person);
  const session = person ? 'person' : 'link';
  return {
    via: identity.via,
    kind: identity.via === 'token' ? 'token' : session,
    role: identity.role,
    name: identity.name,
    unit: identity.unit,
    expires_at: identity.expiresAt === undefined ? undefined : toIso(identity.expiresAt),
    source: person && (person.issuer === undefined ? 'local' : 'oidc'),
    totp: person?.totpSecret !== undefined,
    must_change_password: identity.mustChangePassword,
    permissions: [...permissionsOf(identity)],
    collector_version: options.version,
  };
}

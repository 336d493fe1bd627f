/** What a person or a program may do. Roles are no ladder: each lists its permissions. */
export const permissions = {
  /** Units, machines and their values: all of them, or those of the own unit and below. */
  read: 'see machines, units and values',
  'read-service': "see the collector's own counters, which tell of every unit",
  'read-audit': 'see who did what',
  operate: 'handle incidents and maintenance',
  enrol: 'make enrolment codes, accept machines, revoke machines',
  administer: 'manage people, tokens, units and settings',
} as const;
export type Permission = keyof typeof permissions;

const permissionsByRole = {
  viewer: ['read', 'read-service'],
  /** Of one unit and those below it, which is narrowed elsewhere: `collector/src/http/scope.ts`. */
  'unit-admin': ['read', 'operate', 'enrol'],
  operator: ['read', 'read-service', 'operate'],
  security: ['read', 'read-service', 'read-audit'],
  admin: ['read', 'read-service', 'read-audit', 'operate', 'enrol', 'administer'],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof permissionsByRole;
export const roles = Object.keys(permissionsByRole) as [Role, ...Role[]];

/** Whoever has a role, be it for the whole province or for one unit and those below it. */
export interface RoleHolder {
  readonly role: Role;
  readonly unit: string | undefined;
}

/** Roles that may be limited to a unit, by who holds them; a unit-admin always is. */
export const unitRoles = {
  person: ['unit-admin'],
  // Of the other roles not enough would be left.
  token: ['unit-admin', 'operator', 'viewer'],
} as const satisfies Record<string, readonly Role[]>;

export function isRole(text: string): text is Role {
  return Object.hasOwn(permissionsByRole, text);
}

/** Why nobody can hold a role so, or undefined. */
export function roleProblem({ role, unit }: RoleHolder, holder: keyof typeof unitRoles): string | undefined {
  if (role === 'unit-admin' && unit === undefined) return 'the role unit-admin needs a unit';
  const limited: readonly Role[] = unitRoles[holder];
  if (unit === undefined || limited.includes(role)) return undefined;
  return `the role ${role} is for the whole province: a unit goes with ${limited.join(', ')}`;
}

/** A role that this version does not know, from the registry of a newer one, permits nothing. */
export function permissionsOf({ role, unit }: RoleHolder): readonly Permission[] {
  const held: readonly Permission[] = isRole(role) ? permissionsByRole[role] : [];
  // What a unit-admin may do is narrowed to the unit; the rest would reach past it.
  const narrowed: readonly Permission[] = permissionsByRole['unit-admin'];
  return unit === undefined ? held : held.filter((permission) => narrowed.includes(permission));
}

export function permits(holder: RoleHolder, wanted: Permission): boolean {
  return permissionsOf(holder).includes(wanted);
}

/** What a person or a program may do. Roles are no ladder: each lists its permissions. */
export const permissions = {
  /** Units, machines and their values: all of them, or those of the own unit and below. */
  read: 'see machines, units and values',
  'read-service': "see the collector's own counters, which tell of every unit",
  'read-audit': 'see who did what',
  operate: 'handle incidents and maintenance',
  administer: 'manage people, tokens, codes and settings',
} as const;
export type Permission = keyof typeof permissions;

const permissionsByRole = {
  viewer: ['read', 'read-service'],
  /** Of one unit and those below it, which is narrowed elsewhere: `collector/src/http/scope.ts`. */
  'unit-admin': ['read', 'operate'],
  operator: ['read', 'read-service', 'operate'],
  security: ['read', 'read-service', 'read-audit'],
  admin: ['read', 'read-service', 'read-audit', 'operate', 'administer'],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof permissionsByRole;
export const roles = Object.keys(permissionsByRole) as [Role, ...Role[]];

/** Roles of tokens and one-time links, which belong to nobody and therefore to no unit. */
export const provinceRoles: readonly Role[] = roles.filter((role) => role !== 'unit-admin');

export function isRole(text: string): text is Role {
  return Object.hasOwn(permissionsByRole, text);
}

/** A role that this version does not know, from the registry of a newer one, permits nothing. */
export function permits(role: Role, wanted: Permission): boolean {
  const held: readonly Permission[] = isRole(role) ? permissionsByRole[role] : [];
  return held.includes(wanted);
}

import type { Role } from '../../../src/registry/roles.ts';
import type { PlainTextKey } from '../text/dictionary.ts';

export const roleTexts: Readonly<Record<Role, PlainTextKey>> = {
  viewer: 'roleViewer',
  'unit-admin': 'roleUnitAdmin',
  operator: 'roleOperator',
  security: 'roleSecurity',
  admin: 'roleAdmin',
};

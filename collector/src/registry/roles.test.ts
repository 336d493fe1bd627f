import { expect, test } from 'vitest';
import { permissionsOf, permits, type Role, roleProblem, roles } from './roles.ts';

test('who may do what', () => {
  const table = roles.map((role) => [
    role,
    permits({ role, unit: undefined }, 'read'),
    permits({ role, unit: undefined }, 'read-service'),
    permits({ role, unit: undefined }, 'read-audit'),
    permits({ role, unit: undefined }, 'operate'),
    permits({ role, unit: undefined }, 'enrol'),
    permits({ role, unit: undefined }, 'administer'),
  ]);
  expect(table).toEqual([
    ['viewer', true, true, false, false, false, false],
    ['unit-admin', true, false, false, true, true, false],
    ['operator', true, true, false, true, false, false],
    ['security', true, true, true, false, false, false],
    ['admin', true, true, true, true, true, true],
  ]);
});

test.each(['', 'root', 'constructor', 'Admin'])('the role %j of another version permits nothing', (role) => {
  expect(permits({ role: role as Role, unit: undefined }, 'read')).toBe(false);
});

test.each([
  [{ role: 'unit-admin', unit: undefined }, 'person', 'needs a unit'],
  [{ role: 'unit-admin', unit: undefined }, 'token', 'needs a unit'],
  [{ role: 'viewer', unit: 'DH' }, 'person', 'is for the whole province'],
  [{ role: 'admin', unit: 'DH' }, 'token', 'is for the whole province'],
  [{ role: 'viewer', unit: 'DH' }, 'token', undefined],
  [{ role: 'unit-admin', unit: 'DH' }, 'person', undefined],
  [{ role: 'admin', unit: undefined }, 'person', undefined],
] as const)('%j of a %s: %s', (wanted, holder, problem) => {
  const found = roleProblem(wanted, holder);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

test.each(roles)('the role %s for one unit holds nothing that a unit-admin does not', (role) => {
  const limited = permissionsOf({ role, unit: 'DH' });
  expect(permissionsOf({ role: 'unit-admin', unit: 'DH' })).toEqual(expect.arrayContaining([...limited]));
  expect(permissionsOf({ role, unit: undefined })).toEqual(expect.arrayContaining([...limited]));
});

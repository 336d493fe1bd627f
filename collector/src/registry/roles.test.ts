import { expect, test } from 'vitest';
import { permits, provinceRoles, type Role, roles } from './roles.ts';

test('who may do what', () => {
  const table = roles.map((role) => [
    role,
    permits(role, 'read'),
    permits(role, 'read-service'),
    permits(role, 'read-audit'),
    permits(role, 'operate'),
    permits(role, 'administer'),
  ]);
  expect(table).toEqual([
    ['viewer', true, true, false, false, false],
    ['unit-admin', true, false, false, true, false],
    ['operator', true, true, false, true, false],
    ['security', true, true, true, false, false],
    ['admin', true, true, true, true, true],
  ]);
});

test.each(['', 'root', 'constructor', 'Admin'])('the role %j of another version permits nothing', (role) => {
  expect(permits(role as Role, 'read')).toBe(false);
});

test('a role of one unit is not for those who have none', () => {
  expect(provinceRoles).not.toContain('unit-admin');
});

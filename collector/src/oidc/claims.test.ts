import { expect, test } from 'vitest';
import { claimOf, readClaims } from './claims.ts';
import { OidcSettings } from './settings.ts';

const settings = OidcSettings.parse({
  issuer: 'https://id.example',
  client_id: 'vonggac',
  roles: [
    { group: 'it', role: 'admin' },
    { group: 'staff', role: 'viewer' },
    { group: 'communes', role: 'unit-admin' },
  ],
});
const who = { iss: 'https://id.example', sub: '1' };

function read(claims: Record<string, unknown>, changes: Partial<OidcSettings> = {}) {
  return readClaims({ ...who, ...claims }, { settings: { ...settings, ...changes }, isUnit: (code) => code === 'DH' });
}

test.each([
  [{ groups: ['staff'] }, { role: 'viewer', unit: undefined }],
  [{ groups: 'staff' }, { role: 'viewer' }],
  [{ groups: ['other', 'staff', 'it'] }, { role: 'admin' }],
  [
    { groups: ['communes'], unit: 'DH' },
    { role: 'unit-admin', unit: 'DH' },
  ],
  [
    { groups: ['communes'], unit: ['NONE', 'DH'] },
    { role: 'unit-admin', unit: 'DH' },
  ],
  [
    { groups: ['staff'], unit: 'DH' },
    { role: 'viewer', unit: undefined },
  ],
  [{ groups: ['staff'], preferred_username: 'lan', email: 'a@b' }, { username: 'lan' }],
  [{ groups: ['staff'], email: 'a@b' }, { username: 'a@b' }],
  [{ groups: ['staff'], preferred_username: 5 }, { username: '1' }],
])('%j is %j', (claims, account) => {
  expect(read(claims)).toMatchObject({ kind: 'account', account });
});

test.each([
  [{}, 'no-role'],
  [{ groups: [] }, 'no-role'],
  [{ groups: ['IT'] }, 'no-role'],
  [{ groups: [{ it: true }, 5, null] }, 'no-role'],
  [{ groups: { 0: 'it' } }, 'no-role'],
  [{ groups: ['constructor'] }, 'no-role'],
  [{ groups: ['communes'] }, 'no-unit'],
  [{ groups: ['communes'], unit: 'NONE' }, 'no-unit'],
])('%j gets nobody in: %s', (claims, kind) => {
  expect(read(claims)).toEqual({ kind });
});

test('a claim inside another is named by its path, one with a dot in its name by that', () => {
  const claims = { realm_access: { roles: ['it'] }, 'https://example/groups.all': ['staff'] };
  expect(read(claims, { role_claim: 'realm_access.roles' })).toMatchObject({ account: { role: 'admin' } });
  expect(read(claims, { role_claim: 'https://example/groups.all' })).toMatchObject({ account: { role: 'viewer' } });
  for (const name of ['realm_access.none', 'realm_access.roles.0.x', '__proto__', 'constructor.name']) {
    expect(claimOf(claims, name)).toBeUndefined();
  }
});

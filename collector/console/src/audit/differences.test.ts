import { expect, test } from 'vitest';
import { differencesOf } from './differences.ts';

test.each([
  ['nothing was said', {}, []],
  ['a new thing', { after: { role: 'admin' } }, [{ field: 'role', before: undefined, after: 'admin' }]],
  [
    'a change',
    { before: { role: 'viewer', unit: 'QB' }, after: { role: 'admin', unit: 'QB' } },
    [{ field: 'role', before: 'viewer', after: 'admin' }],
  ],
  ['taken away', { before: { note: 'x' }, after: { note: '' } }, [{ field: 'note', before: 'x', after: undefined }]],
  ['empty stays empty', { before: { note: '' }, after: { note: null } }, []],
  ['no is a value', { before: { totp: false }, after: {} }, [{ field: 'totp', before: false, after: undefined }]],
])('%s', (_, entry, differences) => expect(differencesOf(entry)).toEqual(differences));

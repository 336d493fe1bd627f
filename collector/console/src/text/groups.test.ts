import { expect, test } from 'vitest';
import { inGroups } from './groups.ts';

test.each([
  ['', ''],
  ['ABC', 'ABC'],
  ['ABCDEFGHI', 'ABCD EFGH I'],
])('%j', (text, groups) => expect(inGroups(text)).toBe(groups));

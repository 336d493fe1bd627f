import { expect, test } from 'vitest';
import { malwareAddress, malwarePath, malwareQuery, parseMalwareFilter } from './malware-filter.ts';
import { parseProtectionFilter, protectionAddress, protectionPath } from './protection-filter.ts';

test('a filter of machines survives the address; what is nonsense in it is left out', () => {
  const filter = parseProtectionFilter(new URLSearchParams('unit=QB-DH&level=unknown,fine,unprotected&after=x%20y'));
  expect(filter).toEqual({ unit: 'QB-DH', levels: ['unprotected', 'unknown'], after: 'x y' });
  expect(protectionAddress(filter)).toBe('/protection/machines?unit=QB-DH&level=unprotected%2Cunknown&after=x+y');
  expect(protectionAddress(parseProtectionFilter(new URLSearchParams()))).toBe('/protection/machines');
  expect(protectionPath({ unit: '', levels: [] })).toBe('/api/v1/protection?limit=100');
});

test('a filter of malware survives the address; what is nonsense in it is left out', () => {
  const text = 'unit=QB&agent=a-1&name=eicar&resolved=maybe&days=3&after=1.2';
  const filter = parseMalwareFilter(new URLSearchParams(text));
  expect(filter).toEqual({ unit: 'QB', agent: 'a-1', name: 'eicar', resolved: '', days: 30, after: '1.2' });
  expect(malwareAddress(filter)).toBe('/malware?unit=QB&agent=a-1&name=eicar&after=1.2');
  const other = parseMalwareFilter(new URLSearchParams('resolved=false&days=7'));
  expect(malwareAddress(other)).toBe('/malware?resolved=false&days=7');
  expect(malwarePath(other)).toBe('/api/v1/malware?resolved=false&from=-7d&limit=100');
  expect(malwareQuery(parseMalwareFilter(new URLSearchParams({ name: 'x'.repeat(200) }))).name).toHaveLength(100);
});

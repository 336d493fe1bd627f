import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServiceList } from './service-list-windows.ts';

const sample = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../tests/fixtures/antivirus/windows', name), 'utf8');

describe('parseServiceList', () => {
  it.each(['sc-query-en.txt', 'sc-query-vi.txt'])('reads %s', (name) => {
    expect([...parseServiceList(sample(name))]).toEqual([
      ['avp.kes.21.18', { running: true }],
      ['klnagent', { running: true }],
      ['mpssvc', { running: true }],
      ['windefend', { running: false }],
      ['wscsvc', { running: undefined }],
    ]);
  });

  it('finds nothing where nothing is', () => {
    expect(parseServiceList('').size).toBe(0);
    expect(parseServiceList('[SC] EnumQueryServicesStatus:OpenService FAILED 1060:').size).toBe(0);
  });

  it('takes any text, and nothing for running that does not say so', () => {
    const noise = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('4', ''));
    fc.assert(
      fc.property(noise, (text) => {
        for (const { running } of parseServiceList(`SERVICE_NAME: x\n${text}`).values()) expect(running).not.toBe(true);
      }),
    );
  });
});

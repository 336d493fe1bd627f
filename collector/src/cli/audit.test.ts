import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditLog } from '../registry/audit-log.ts';
import { writeCsv } from './audit.ts';

let folder: string;
let log: AuditLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-audit-'));
  log = new AuditLog(folder);
});

afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true });
});

function csv(): string {
  let text = '';
  writeCsv(log, (part) => {
    text += part;
  });
  return text;
}

test.each(['=1+1', '+84', '-1', '@SUM(A1)', '＝1+1'])('%s is no formula to a spreadsheet', (name) => {
  log.append({ at: 0, actor: name, source: name, action: 'sign-in.refuse', subject: name });
  const [row] = parse(csv(), { columns: true, bom: true }) as Record<string, string>[];
  expect([row?.actor, row?.from, row?.subject]).toEqual([`'${name}`, `'${name}`, `'${name}`]);
});

test('every entry comes out, in order, with what separates cells kept inside them', () => {
  for (let index = 0; index < 2_001; index += 400) {
    log.append({ at: index, actor: 'an, "b"', source: 'command', action: 'x.y', after: { note: 'một, "hai"' } });
  }
  const text = csv();
  expect(text.startsWith('\ufeffseq,time,actor,from')).toBe(true);
  const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[];
  expect(rows.map((row) => row.seq)).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(rows[0]).toMatchObject({
    actor: 'an, "b"',
    after: '{"note":"một, \\"hai\\""}',
    time: '1970-01-01T00:00:00.000Z',
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent } from './audit-entry.ts';
import { AuditLog, damagedAction } from './audit-log.ts';

const at = Date.UTC(2026, 0, 5);
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

function event(rest: Partial<AuditEvent> = {}): AuditEvent {
  return { at, actor: 'an', source: 'command', action: 'token.create', ...rest };
}

/** Changes the file behind the log's back, as someone with another program would. */
function tamper(sql: string): void {
  const database = new DatabaseSync(join(folder, 'audit.db'));
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
  }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  database.close();
}

test('an entry says who did what to what, from where, before and after', () => {
  log.append(event({ subject: 't-1', before: { b: 1, a: 'x', none: undefined }, after: { revoked: true } }));
  expect(log.list({ limit: 10 })).toMatchObject([
    { seq: 1, time: at, actor: 'an', source: 'command', action: 'token.create', subject: 't-1' },
  ]);
  expect(log.list({ limit: 10 })[0]).toMatchObject({ before: '{"a":"x","b":1}', after: '{"revoked":true}' });
});

test('the newest come first, by page and by time', () => {
  for (let index = 0; index < 5; index += 1) log.append(event({ at: at + index }));
  expect(log.list({ limit: 2 }).map(({ seq }) => seq)).toEqual([5, 4]);
  expect(log.list({ limit: 2, before: 4 }).map(({ seq }) => seq)).toEqual([3, 2]);
  expect(log.list({ limit: 9, since: at + 3 }).map(({ seq }) => seq)).toEqual([5, 4]);
});

test.each([
  'UPDATE entries SET actor = 1',
  'DELETE FROM entries',
  "INSERT OR REPLACE INTO entries VALUES (1, 1, '', '', '', NULL, NULL, NULL, '')",
  "INSERT INTO entries VALUES (7, 1, '', '', '', NULL, NULL, NULL, '')",
  'DELETE FROM log',
])('SQLite refuses: %s', (sql) => {
  log.append(event());
  const database = new DatabaseSync(join(folder, 'audit.db'));
  expect(() => database.exec(sql)).toThrow('the audit log is append-only');
  database.close();
});

test.each([
  ['control characters', 'a\u0000b\r\nc\u001b[31m', 'a\ufffdb\ufffd\ufffdc\ufffd[31m'],
  ['letters that turn the direction', 'x\u202egpj.exe', 'x\ufffdgpj.exe'],
  ['half a surrogate pair', 'x\ud83d', 'x\ufffd'],
  ['length', 'x'.repeat(10_000), 'x'.repeat(200)],
])('untrusted words are made harmless: %s', (_, text, expected) => {
  log.append(event({ actor: text, subject: text, after: { name: text } }));
  const [entry] = log.list({ limit: 1 });
  expect([entry?.actor, entry?.subject]).toEqual([expected, expected]);
  expect(JSON.parse(entry?.after ?? '')).toEqual({ name: expected });
  expect(log.verify().problem).toBeUndefined();
});

describe('verify', () => {
  beforeEach(() => {
    for (let index = 0; index < 4; index += 1) log.append(event({ subject: `t-${index}` }));
  });

  test('an intact log', () => {
    expect(log.verify()).toEqual({
      entries: 4,
      head: { seq: 4, hash: log.list({ limit: 1 })[0]?.hash },
      problem: undefined,
      damageRecorded: [],
    });
  });

  test.each([
    ['a changed word', "UPDATE entries SET actor = 'binh' WHERE seq = 2", 2, 'is not what was written'],
    ['a changed time', 'UPDATE entries SET time = time + 1 WHERE seq = 3', 3, 'is not what was written'],
    ['null for empty', "UPDATE entries SET before = '' WHERE seq = 1", 1, 'is not what was written'],
    ['an entry taken out', 'DELETE FROM entries WHERE seq = 2', 2, 'is missing'],
    ['the first taken out', 'DELETE FROM entries WHERE seq = 1', 1, 'is missing'],
    ['closed up behind it', 'DELETE FROM entries WHERE seq = 1; UPDATE entries SET seq = seq - 1', 1, 'not what'],
    ['the end cut off', 'DELETE FROM entries WHERE seq > 2', 3, 'entries 3 to 4 were cut off'],
    ['everything gone', 'DELETE FROM entries', 1, 'entries 1 to 4 were cut off'],
  ])('%s', (_, sql, seq, detail) => {
    tamper(sql);
    expect(log.verify().problem).toEqual({ seq, detail: expect.stringContaining(detail) });
  });

  test('a missing head file', () => {
    rmSync(join(folder, 'audit.head'));
    expect(log.verify().problem).toMatchObject({ detail: expect.stringContaining('audit.head is missing') });
  });

  test('another log in its place', () => {
    log.close();
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `audit.db${end}`), { force: true });
    log = new AuditLog(folder);
    expect(log.verify().problem).toMatchObject({ detail: expect.stringContaining('audit.db was replaced') });
  });

  test('a head file that is behind, as after a crash, is no damage', () => {
    const head = readFileSync(join(folder, 'audit.head'));
    log.append(event());
    writeFileSync(join(folder, 'audit.head'), head);
    expect(log.verify().problem).toBeUndefined();
  });
});

test('a cut is recorded by the next entry, and the log is whole from there on', () => {
  for (let index = 0; index < 3; index += 1) log.append(event());
  tamper('DELETE FROM entries WHERE seq = 3');
  log.append(event({ subject: 'next' }));
  expect(log.list({ limit: 2 })).toMatchObject([
    { seq: 4, subject: 'next' },
    { seq: 3, action: damagedAction, after: '{"detail":"entries 3 to 3 were cut off"}' },
  ]);
  expect(log.verify()).toMatchObject({ problem: undefined, damageRecorded: [3] });
});

test('several writers keep one chain', async () => {
  const code = `
    import(process.env.AUDIT_MODULE).then(({ AuditLog }) => {
      const log = new AuditLog(process.env.AUDIT_FOLDER);
      for (let n = 0; n < 25; n += 1) log.append({ at: n, actor: 'w', source: 'test', action: 'a.b' });
      log.close();
    });`;
  const env = { ...process.env, AUDIT_MODULE: join(import.meta.dirname, 'audit-log.ts'), AUDIT_FOLDER: folder };
  const ends = Array.from({ length: 4 }, () => {
    const worker = new Worker(code, { eval: true, env });
    return new Promise<number>((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  });
  expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
  expect(log.verify()).toMatchObject({ entries: 100, problem: undefined, damageRecorded: [] });
});

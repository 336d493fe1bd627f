import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRegistry } from './database.ts';
import { Tokens } from './tokens.ts';

const at = Date.UTC(2026, 0, 5);
let folder: string;
let database: DatabaseSync;
let tokens: Tokens;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-tokens-'));
  database = openRegistry(folder);
  tokens = new Tokens(database);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('a token is recognised and says whose it is', () => {
  const { token, record } = tokens.create({ name: 'grafana', role: 'viewer' }, at);
  expect(token).toMatch(/^vg_[\w-]{43}$/);
  expect(tokens.verify(token, at)).toMatchObject({ id: record.id, name: 'grafana', role: 'viewer' });
});

test('a token may be limited to a unit', () => {
  const { token } = tokens.create({ name: 'donghoi', role: 'viewer', unit: 'DH' }, at);
  expect(tokens.verify(token, at)).toMatchObject({ role: 'viewer', unit: 'DH' });
  expect(tokens.all()).toMatchObject([{ unit: 'DH' }]);
});

test('the token itself is nowhere in the database', () => {
  const { token } = tokens.create({ name: 'grafana', role: 'viewer' }, at);
  const rows = JSON.stringify(database.prepare('SELECT * FROM tokens').all());
  expect(rows).not.toContain(token.slice(3));
});

test.each(['', 'vg_', `vg_${'a'.repeat(43)}`, 'vg_é\u0000'])('%j is not a token', (wrong) => {
  tokens.create({ name: 'other', role: 'admin' }, at);
  expect(tokens.verify(wrong, at)).toBeUndefined();
});

test('a token works until the moment it expires', () => {
  const { token } = tokens.create({ name: 'short', role: 'viewer', expiresAt: at + 1_000 }, at);
  expect(tokens.verify(token, at + 999)).toBeDefined();
  expect(tokens.verify(token, at + 1_000)).toBeUndefined();
});

test('a revoked token no longer works, and is revoked once', () => {
  const { token, record } = tokens.create({ name: 'lost', role: 'operator' }, at);
  expect(tokens.revoke(record.id, at + 1)).toBe(true);
  expect(tokens.verify(token, at + 2)).toBeUndefined();
  expect(tokens.revoke(record.id, at + 3)).toBe(false);
  expect(tokens.all()).toMatchObject([{ name: 'lost', revokedAt: at + 1 }]);
});

test('the last use is written at most once a minute', () => {
  const { token } = tokens.create({ name: 'busy', role: 'viewer' }, at);
  for (const later of [0, 10_000, 59_999]) tokens.verify(token, at + later);
  expect(tokens.all()[0]?.lastUsedAt).toBe(at);
  tokens.verify(token, at + 60_000);
  expect(tokens.all()[0]?.lastUsedAt).toBe(at + 60_000);
});

test('a removed token leaves nothing behind', () => {
  const { token, record } = tokens.create({ name: 'command', role: 'viewer' }, at);
  tokens.remove(record.id);
  expect(tokens.verify(token, at)).toBeUndefined();
  expect(tokens.all()).toEqual([]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRegistry } from './database.ts';
import { SignInLinks, signInLinkMs, signInPath } from './sign-in-links.ts';

const at = Date.UTC(2026, 0, 5);
let folder: string;
let database: DatabaseSync;
let links: SignInLinks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-links-'));
  database = openRegistry(folder);
  links = new SignInLinks(database);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('a code works once', () => {
  const code = links.create('admin', at);
  expect(links.redeem(code, at + 1)).toBe('admin');
  expect(links.redeem(code, at + 2)).toBeUndefined();
});

test('a code expires', () => {
  const code = links.create('admin', at);
  expect(links.redeem(code, at + signInLinkMs)).toBeUndefined();
});

test('an unknown code opens nothing', () => {
  links.create('admin', at);
  expect(links.redeem('a'.repeat(43), at)).toBeUndefined();
});

test('expired codes are forgotten', () => {
  links.create('viewer', at);
  links.create('viewer', at + signInLinkMs);
  expect(database.prepare('SELECT count(*) AS n FROM sign_in_links').get()).toEqual({ n: 1 });
});

test('the code travels in the fragment, which no server sees', () => {
  expect(new URL(signInPath('abc'), 'http://localhost').search).toBe('');
});

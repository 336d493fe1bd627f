import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicKeyText } from '../identity.ts';
import { forgetEnrolmentKey, takeEnrolmentKey } from './enrolment-key.ts';

let folder: string;
let file: string;
const take = () => publicKeyText(takeEnrolmentKey(folder));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-key-'));
  file = join(folder, 'enrolment-key.pem');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the key is the same until it is forgotten, and readable by its owner only', () => {
  const key = take();
  expect(take()).toBe(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  forgetEnrolmentKey(folder);
  forgetEnrolmentKey(folder);
  expect(readdirSync(folder)).toEqual([]);
  expect(take()).not.toBe(key);
});

test('a damaged key, and one that others could read, are replaced', () => {
  const first = take();
  chmodSync(file, 0o644);
  const second = take();
  expect(second).not.toBe(first);
  writeFileSync(file, 'x');
  expect(take()).not.toBe(second);
});

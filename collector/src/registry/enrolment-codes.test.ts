import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Agents } from './agents.ts';
import { DataFolderError, openRegistry } from './database.ts';
import { EnrolmentCodes } from './enrolment-codes.ts';
import { Units } from './units.ts';

let folder: string;
let database: DatabaseSync;
let codes: EnrolmentCodes;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-registry-'));
  database = openRegistry(folder);
  new Units(database).ensure({ code: 'U', name: 'Đơn vị', parent: undefined }, 0);
  codes = new EnrolmentCodes(database);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const create = (uses = 1) => codes.create({ unit: 'U', class: 'pc', uses, expiresAt: 1_000, now: 0 });

describe('a code', () => {
  test('can be used as often as it says, until it expires', () => {
    const { record } = create(2);
    expect(codes.use(record.id, { now: 1, grant: () => 'ok' })).toBe('ok');
    expect(codes.use(record.id, { now: 999, grant: () => 'ok' })).toBe('ok');
    expect(codes.use(record.id, { now: 1, grant: () => 'ok' })).toBeUndefined();
    expect(codes.use(create().record.id, { now: 1_000, grant: () => 'ok' })).toBeUndefined();
  });

  test('is not used up by an enrolment that failed', () => {
    const { record } = create();
    const grant = () => {
      throw new Error('disk full');
    };
    expect(() => codes.use(record.id, { now: 1, grant })).toThrow('disk full');
    expect(codes.use(record.id, { now: 1, grant: () => 'ok' })).toBe('ok');
  });

  test('can be revoked', () => {
    const { record } = create();
    expect(codes.revoke(record.id, { by: 'an', now: 5 })).toEqual({ refused: 0 });
    expect(codes.revoke(record.id, { by: 'an', now: 5 })).toBeUndefined();
    expect(codes.use(record.id, { now: 1, grant: () => 'ok' })).toBeUndefined();
  });

  test('leaves its token nowhere in the files', () => {
    const { token } = create();
    for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file)).includes(token)).toBe(false);
  });
});

test('a public key is enrolled once', () => {
  const agents = new Agents(database);
  const agent = {
    hostname: 'h',
    unit: 'U',
    class: 'pc',
    publicKey: 'k',
    platform: 'linux',
    version: '1',
    codeId: 'c',
    enrolledAt: 1,
  } as const;
  const { id } = agents.add(agent);
  expect(agents.byPublicKey('k')?.id).toBe(id);
  expect(() => agents.add(agent)).toThrow(/UNIQUE/);
});

test('records of a newer version are refused with what to do', () => {
  database.exec('PRAGMA user_version = 999');
  expect(() => openRegistry(folder)).toThrow(DataFolderError);
  expect(() => openRegistry(folder)).toThrow(/newer version.*--data/);
});

test('a folder that cannot be made is named', () => {
  const blocked = join(folder, 'collector.db', 'data');
  expect(() => openRegistry(blocked)).toThrow(/cannot create the data folder .*collector\.db\/data/);
});

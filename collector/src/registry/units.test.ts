import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Agents } from './agents.ts';
import { openRegistry } from './database.ts';
import { EnrolmentCodes } from './enrolment-codes.ts';
import { readUnitFile, writeUnitFile } from './unit-file.ts';
import { endOf, startOf } from './unit-times.ts';
import { Units } from './units.ts';

const now = startOf('2026-01-05') + 9 * 3_600_000;
const merger = startOf('2025-07-01');
const past = { from: startOf('2022-01-01'), now };

let folder: string;
let database: DatabaseSync;
let units: Units;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-units-'));
  database = openRegistry(folder);
  units = new Units(database);
  units.add({ code: 'QB', name: 'Tỉnh' }, past);
  units.add({ code: 'DH', name: 'Thành phố', parent: 'QB' }, past);
  units.add({ code: 'BL', name: 'Phường', parent: 'DH' }, past);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** `CODE<PARENT` of every unit that was there. */
function treeAt(time?: number): string[] {
  return units.list(time).map(({ code, parent }) => (parent === undefined ? code : `${code}<${parent}`));
}

function addAgent(unit: string, key: string): string {
  const rest = { platform: 'linux', version: '1', codeId: 'c', enrolledAt: now };
  return new Agents(database).add({ hostname: key, unit, class: 'pc', publicKey: key, ...rest }).id;
}

function addCode(unit: string, uses = 1): string {
  return new EnrolmentCodes(database).create({ unit, class: 'pc', uses, expiresAt: now + 1_000, now }).record.id;
}

function unitOfCode(id: string) {
  const code = new EnrolmentCodes(database).all().find((one) => one.id === id);
  return code?.revokedAt === undefined ? code?.unit : 'revoked';
}

test('keeps every attribute', () => {
  const unit = {
    code: 'X',
    name: 'Xã X',
    parent: 'QB',
    kind: 'commune',
    contact_name: 'Nguyễn Văn A',
    contact_phone: '0912 345 678',
    location: 'Thôn 1',
    security_level: 2,
    declared_servers: 0,
    declared_gateways: 1,
    declared_pcs: 20,
    links: [{ id: 'net-1', kind: 'internet' as const, carrier: 'VNPT', edge: '10.0.0.1' }],
    calendar: 'gio-hanh-chinh',
    note: 'ghi chú',
  };
  units.add(unit, { now });
  expect(units.list().find(({ code }) => code === 'X')).toEqual({
    ...unit,
    valid_from: startOf('2026-01-05'),
    valid_to: undefined,
  });
});

test('answers what the tree was on a day', () => {
  units.change('BL', { parent: 'QB', name: 'Phường mới' }, { from: merger, now });
  expect(treeAt(endOf('2025-06-30'))).toEqual(['BL<DH', 'DH<QB', 'QB']);
  expect(treeAt(endOf('2025-07-01'))).toEqual(['BL<QB', 'DH<QB', 'QB']);
  expect(treeAt(endOf('2021-12-31'))).toEqual([]);
  expect(units.list(merger - 1).find(({ code }) => code === 'BL')?.name).toBe('Phường');
  expect(units.get('BL')).toEqual({ code: 'BL', name: 'Phường mới', parent: 'QB' });
});

test.each<[what: string, act: () => unknown, message: string]>([
  ['a code twice', () => units.add({ code: 'DH', name: 'x' }, { now }), 'there is a unit DH already'],
  [
    'an unknown parent',
    () => units.add({ code: 'X', name: 'x', parent: 'NO' }, { now }),
    'there is no unit NO to be the parent of X',
  ],
  ['a time to come', () => units.add({ code: 'X', name: 'x' }, { from: now + 1, now }), 'is still to come'],
  [
    'a parent that begins later',
    () => units.add({ code: 'X', name: 'x', parent: 'QB' }, { from: startOf('2021-01-01'), now }),
    'QB begins only on 2022-01-01',
  ],
  ['a change of nothing', () => units.change('NO', { name: 'x' }, { now }), 'there is no unit NO'],
  ['a cycle', () => units.change('QB', { parent: 'BL' }, { now }), 'QB would be above itself: QB -> BL -> DH -> QB'],
  [
    'a change before the beginning',
    () => units.change('DH', { name: 'x' }, { from: startOf('2021-01-01'), now }),
    'DH begins only on 2022-01-01',
  ],
  ['the end of nothing', () => units.retire('NO', { now }), 'there is no unit NO'],
  ['the end of a unit above others', () => units.retire('DH', { now }), 'DH has units below it (BL)'],
  ['itself as successor', () => units.retire('DH', { into: 'DH', now }), 'DH cannot be its own successor'],
  [
    'a successor below',
    () => units.retire('DH', { into: 'BL', now }),
    'BL is below DH: move it to another parent first',
  ],
  ['an unknown successor', () => units.retire('DH', { into: 'NO', now }), 'there is no unit NO'],
  [
    'an end at the beginning',
    () => units.retire('BL', { from: startOf('2022-01-01'), now }),
    'BL begins on 2022-01-01',
  ],
  ['the history of nothing', () => units.history('NO'), 'there is no unit NO'],
])('refuses %s and leaves everything as it is', (_, act, message) => {
  const before = treeAt();
  expect(act).toThrow(message);
  expect(treeAt()).toEqual(before);
  expect(database.isTransaction).toBe(false);
});

describe('a retired unit', () => {
  beforeEach(() => {
    units.retire('BL', { from: merger, now });
  });

  test('is in the past only', () => {
    expect(units.get('BL')).toBeUndefined();
    expect(units.all().map(({ code }) => code)).toEqual(['DH', 'QB']);
    expect(treeAt(merger - 1)).toContain('BL<DH');
  });

  test.each<[what: string, act: () => unknown, message: string]>([
    ['as a new unit', () => units.add({ code: 'BL', name: 'x' }, { now }), 'a code is never used again'],
    [
      'as the parent of a new unit',
      () => units.add({ code: 'X', name: 'x', parent: 'BL' }, { now }),
      'BL was retired on 2025-07-01',
    ],
    ['by a change', () => units.change('BL', { name: 'x' }, { now }), 'BL was retired on 2025-07-01'],
    [
      'as the parent of a known unit',
      () => units.change('DH', { parent: 'BL' }, { now }),
      'BL was retired on 2025-07-01',
    ],
    ['by a second end', () => units.retire('BL', { now }), 'BL was retired on 2025-07-01'],
    ['as a successor', () => units.retire('DH', { into: 'BL', now }), 'BL was retired on 2025-07-01'],
  ])('is neither used again nor changed, %s', (_, act, message) => {
    expect(act).toThrow(message);
  });

  test('is not brought back by ensure', () => {
    units.ensure({ code: 'BL', name: 'x', parent: undefined }, now);
    expect(units.get('BL')).toBeUndefined();
  });
});

describe('a merger', () => {
  test('moves the units below, the machines and the codes that may still be used', () => {
    const agent = addAgent('DH', 'a');
    const revoked = addAgent('DH', 'b');
    new Agents(database).revoke(revoked, now);
    const [usable, usedUp] = [addCode('DH'), addCode('DH')];
    new EnrolmentCodes(database).use(usedUp, { now, grant: () => undefined });
    expect(units.retire('DH', { into: 'QB', from: merger, now })).toEqual({
      code: 'DH',
      into: 'QB',
      at: merger,
      movedUnits: ['BL'],
      movedAgents: [agent],
      movedCodes: 1,
      revokedCodes: 0,
    });
    expect(treeAt()).toEqual(['BL<QB', 'QB']);
    expect(treeAt(merger - 1)).toEqual(['BL<DH', 'DH<QB', 'QB']);
    expect(units.history('DH').successor).toBe('QB');
    const agents = new Agents(database);
    expect([agents.get(agent)?.unit, agents.get(revoked)?.unit]).toEqual(['QB', 'DH']);
    expect([unitOfCode(usable), unitOfCode(usedUp)]).toEqual(['QB', 'DH']);
  });

  test('into a unit that began later is refused', () => {
    units.add({ code: 'NEW', name: 'Xã mới', parent: 'QB' }, { now });
    expect(() => units.retire('DH', { into: 'NEW', from: merger, now })).toThrow('NEW begins only on 2026-01-05');
    expect(units.retire('DH', { into: 'NEW', now }).movedUnits).toEqual(['BL']);
  });

  test('dated before a later change is refused, so that no history is lost', () => {
    units.change('DH', { note: 'x' }, { from: startOf('2025-08-01'), now });
    expect(() => units.retire('DH', { into: 'QB', from: merger, now })).toThrow(
      'DH was changed on 2025-08-01: retire it later than that',
    );
  });

  test('on the day on which the unit was added needs no day', () => {
    units.add({ code: 'X', name: 'x' }, { now });
    units.change('X', { name: 'y' }, { now });
    expect(units.retire('X', { into: 'QB', now }).at).toBe(now + 1);
  });
});

test('without a successor machines keep a unit from being retired, codes are revoked with it', () => {
  const agent = addAgent('BL', 'a');
  const code = addCode('BL');
  expect(() => units.retire('BL', { now })).toThrow(`BL has one machine (${agent})`);
  expect(unitOfCode(code)).toBe('BL');
  new Agents(database).revoke(agent, now);
  expect(units.retire('BL', { now })).toMatchObject({ revokedCodes: 1, movedAgents: [] });
  expect(unitOfCode(code)).toBe('revoked');
});

describe('an import', () => {
  test('writes all or nothing, and shows the same plan without writing', () => {
    const file = (text: string) => readUnitFile(Buffer.from(text));
    const bad = file('code,name,parent\nX,x,QB\nY,y,NO');
    expect(units.import(bad, { now }).problems).toHaveLength(1);
    expect(units.get('X')).toBeUndefined();
    const good = file('code,name,parent\nX,x,QB\nQB,Tỉnh mới,');
    const plan = units.planImport(good, { now });
    expect(units.get('X')).toBeUndefined();
    expect(units.import(good, { now })).toEqual(plan);
    expect(units.get('X')?.parent).toBe('QB');
    expect(units.get('QB')?.name).toBe('Tỉnh mới');
    expect(() => units.planImport(good, { from: now + 1, now })).toThrow('is still to come');
  });

  test('of an export changes nothing, here or anywhere else', () => {
    units.change('BL', { note: '=1+1', links: [{ id: 'a', kind: 'tslcd', edge: '::1' }] }, { now });
    const file = readUnitFile(Buffer.from(writeUnitFile(units.list(), { separator: ';' })));
    expect(units.import(file, { now })).toMatchObject({ added: [], changed: [], notInFile: [], problems: [] });
    const other = openRegistry(join(folder, 'other'));
    new Units(other).import(file, { ...past });
    const withoutTimes = (all: Units) => all.list().map(({ valid_from: _, ...unit }) => unit);
    expect(withoutTimes(new Units(other))).toEqual(withoutTimes(units));
    other.close();
  });
});

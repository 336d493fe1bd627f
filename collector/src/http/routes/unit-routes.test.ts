import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOf } from '../../registry/unit-times.ts';
import { UnitHistory, UnitList } from '../schemas.ts';
import { createScopes } from '../scope.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
  const { now } = server.clock;
  const past = { from: startOf('2022-01-01'), now };
  server.units.add({ code: 'QB', name: 'Tỉnh Quảng Bình', declared_pcs: 7194 }, past);
  server.units.add({ code: 'DH', name: 'Thành phố Đồng Hới', parent: 'QB', contact_phone: '+84 232 3822' }, past);
  server.units.add({ code: 'DH-BL', name: 'Phường Bắc Lý', parent: 'DH' }, past);
  server.units.retire('DH', { into: 'QB', from: startOf('2025-07-01'), now });
});

afterEach(() => server.close());

async function ask(url: string) {
  return await server.app.inject({ url, headers: server.authorization() });
}

async function list(query: string): Promise<[units: string[], next: string | null]> {
  const answer = await ask(`/api/v1/units?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  const { items, next } = UnitList.parse(answer.json());
  return [items.map(({ code, parent = '' }) => `${code}<${parent}`), next];
}

describe('the list of units', () => {
  test('comes in the order of the codes, page by page', async () => {
    expect(await list('')).toEqual([['DH-BL<QB', 'QB<'], null]);
    expect(await list('limit=1')).toEqual([['DH-BL<QB'], 'DH-BL']);
    expect(await list('limit=1&after=DH-BL')).toEqual([['QB<'], null]);
  });

  test('is that of any day', async () => {
    expect(await list('at=2025-06-30')).toEqual([['DH<QB', 'DH-BL<DH', 'QB<'], null]);
    expect(await list('at=2025-07-01')).toEqual([['DH-BL<QB', 'QB<'], null]);
    expect(await list('at=2021-12-31')).toEqual([[], null]);
  });

  test('has every attribute that is known and none that is not', async () => {
    const [, province] = UnitList.parse((await ask('/api/v1/units')).json()).items;
    const validFrom = '2021-12-31T17:00:00.000Z';
    expect(province).toEqual({ code: 'QB', name: 'Tỉnh Quảng Bình', declared_pcs: 7194, valid_from: validFrom });
  });

  test.each(['at=now', 'at=2025-02-30', 'limit=0', 'unit=QB'])('refuses %s', async (query) => {
    expect((await ask(`/api/v1/units?${query}`)).statusCode).toBe(400);
  });
});

test('one unit is shown with all that it ever was', async () => {
  const answer = await ask('/api/v1/units/DH');
  expect(UnitHistory.parse(answer.json())).toMatchObject({
    retired_at: '2025-06-30T17:00:00.000Z',
    successor: 'QB',
    versions: [{ code: 'DH', name: 'Thành phố Đồng Hới', parent: 'QB', valid_to: '2025-06-30T17:00:00.000Z' }],
  });
  const moved = UnitHistory.parse((await ask('/api/v1/units/DH-BL')).json());
  expect(moved.versions.map(({ parent }) => parent)).toEqual(['DH', 'QB']);
  expect((await ask('/api/v1/units/NO')).json()).toMatchObject({ status: 404, detail: 'there is no unit NO' });
});

test('whoever is limited to a unit sees it without what is or was above it', () => {
  const scope = createScopes(server)({ role: 'unit-admin', unit: 'DH-BL' });
  const [own, ...others] = scope.unitsAt(undefined);
  expect([own?.code, own?.parent, others]).toEqual(['DH-BL', undefined, []]);
  expect(scope.unitHistory('DH-BL')?.versions.map(({ values }) => values.parent)).toEqual([undefined, undefined]);
  expect(scope.unitHistory('QB')).toBeUndefined();
  expect(createScopes(server)({ role: 'unit-admin', unit: 'DH' }).unitsAt(undefined)).toEqual([]);
});

test('the file of units is CSV for a spreadsheet, of any day', async () => {
  const answer = await ask('/api/v1/units/export?separator=;&at=2025-06-30');
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="units.csv"',
  });
  expect(answer.body.split('\r\n').slice(1)).toEqual([
    'QB;Tỉnh Quảng Bình;;;;;;;;;7194;;;',
    "DH;Thành phố Đồng Hới;QB;;;'+84 232 3822;;;;;;;;",
    'DH-BL;Phường Bắc Lý;DH;;;;;;;;;;;',
    '',
  ]);
  expect((await ask('/api/v1/units/export?separator=x')).statusCode).toBe(400);
});

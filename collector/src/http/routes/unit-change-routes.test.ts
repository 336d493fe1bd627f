import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnitHistory } from '../schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';
import { ImportAnswer, RetirementAnswer } from '../unit-change-schemas.ts';

const sample = join(import.meta.dirname, '../../../../tests/fixtures/units/quang-binh-2022.csv');

let server: TestServer;

beforeEach(async () => {
  server = createTestServer();
  await send('POST', '/api/v1/units', { code: 'QB', name: 'Tỉnh', from: '2022-01-01' });
  await send('POST', '/api/v1/units', { code: 'DH', name: 'Thành phố', parent: 'QB', from: '2022-01-01' });
});

afterEach(() => server.close());

async function send(method: 'POST' | 'PATCH', url: string, body: object | Buffer) {
  const headers = { 'content-type': Buffer.isBuffer(body) ? 'text/csv' : 'application/json' };
  return await server.app.inject({
    method,
    url,
    headers: { ...server.authorization('admin'), ...headers },
    payload: body,
  });
}

function lastEntry() {
  const [entry] = server.audit.list({ limit: 1 });
  return entry && [entry.actor, entry.action, entry.subject, JSON.parse(entry.after ?? 'null')];
}

test('a unit is added, changed and moved, and the audit log says by whom', async () => {
  const added = await send('POST', '/api/v1/units', { code: 'X', name: ' Xã  X ', parent: 'DH', declared_pcs: 3 });
  expect([added.statusCode, UnitHistory.parse(added.json()).versions[0]?.name]).toEqual([201, 'Xã X']);
  expect(lastEntry()).toEqual(['test admin', 'unit.add', 'X', { name: 'Xã X', parent: 'DH', declared_pcs: '3' }]);
  const changed = await send('PATCH', '/api/v1/units/X', { parent: 'QB', declared_pcs: null });
  expect(changed.statusCode, changed.body).toBe(200);
  expect(UnitHistory.parse(changed.json()).versions.at(-1)).toMatchObject({ code: 'X', parent: 'QB' });
  expect(server.units.details('X')).not.toHaveProperty('declared_pcs');
  expect(lastEntry()).toEqual(['test admin', 'unit.change', 'X', { parent: 'QB', declared_pcs: '' }]);
});

test('a change of the past is recorded with its day', async () => {
  expect((await send('PATCH', '/api/v1/units/DH', { name: 'Phường', from: '2025-07-01' })).statusCode).toBe(200);
  expect(lastEntry()).toEqual(['test admin', 'unit.change', 'DH', { from: '2025-07-01', name: 'Phường' }]);
});

test('a merger moves the machines at once', async () => {
  const machine = { hostname: 'pc', class: 'pc', publicKey: 'k', platform: 'linux', version: '1' } as const;
  const record = server.agents.add({ ...machine, unit: 'DH', codeId: 'c', enrolledAt: server.clock.now });
  server.live.put(record);
  const answer = await send('POST', '/api/v1/units/DH/retire', { into: 'QB', from: '2025-07-01' });
  expect(RetirementAnswer.parse(answer.json())).toEqual({
    code: 'DH',
    into: 'QB',
    retired_at: '2025-06-30T17:00:00.000Z',
    moved_units: [],
    moved_agents: [record.id],
    moved_codes: 0,
    revoked_codes: 0,
  });
  expect(server.live.get(record.id)?.record).toEqual({ ...record, unit: 'QB' });
  expect(server.agents.get(record.id)?.unit).toBe('QB');
  expect(lastEntry()?.slice(0, 3)).toEqual(['test admin', 'unit.retire', 'DH']);
});

describe('refused', () => {
  test.each([
    ['POST', '/api/v1/units', { code: 'DH', name: 'x' }, 409, 'there is a unit DH already'],
    ['POST', '/api/v1/units', { code: 'X', name: 'x', parent: 'NO' }, 409, 'there is no unit NO to be the parent'],
    ['POST', '/api/v1/units', { code: 'X', name: 'x', from: '2999-01-01' }, 409, 'is still to come'],
    ['PATCH', '/api/v1/units/NO', { name: 'x' }, 404, 'there is no unit NO'],
    ['PATCH', '/api/v1/units/QB', { parent: 'DH' }, 409, 'would be above itself'],
    ['POST', '/api/v1/units/NO/retire', {}, 404, 'there is no unit NO'],
    ['POST', '/api/v1/units/QB/retire', {}, 409, 'QB has units below it (DH)'],
    ['POST', '/api/v1/units/DH/retire', { into: 'NO' }, 409, 'there is no unit NO to be the successor'],
  ] as const)('%s %s %j with %i', async (method, url, body, status, detail) => {
    const entries = server.audit.list({ limit: 100 }).length;
    const answer = await send(method, url, body);
    expect(answer.json()).toMatchObject({ status, detail: expect.stringContaining(detail) });
    expect(server.audit.list({ limit: 100 })).toHaveLength(entries);
  });

  test('with everything that is wrong with the values', async () => {
    const body = { code: 'x', name: 'a\u0007', security_level: 9, links: [{ id: 'a', kind: 'fibre' }], colour: 'red' };
    const answer = await send('POST', '/api/v1/units', body);
    expect(answer.statusCode).toBe(400);
    const names = (answer.json() as { errors: { name: string }[] }).errors.map(({ name }) => name);
    expect(names.sort()).toEqual(['code', 'colour', 'links.0.kind', 'name', 'security_level']);
  });
});

describe('an import', () => {
  test('shows its plan, then carries it out, then has nothing to do', async () => {
    const dry = await send('POST', '/api/v1/units/import?dry_run=true', readFileSync(sample));
    const plan = ImportAnswer.parse(dry.json());
    expect([plan.written, plan.added.length, plan.changed.length]).toEqual([false, 34, 1]);
    expect(server.units.list()).toHaveLength(2);
    const first = await send('POST', '/api/v1/units/import', readFileSync(sample));
    expect(first.statusCode, first.body).toBe(200);
    expect(ImportAnswer.parse(first.json())).toEqual({ ...plan, written: true });
    expect(lastEntry()).toMatchObject(['test admin', 'unit.import', null, { added: 34, changed: 1 }]);
    const second = ImportAnswer.parse((await send('POST', '/api/v1/units/import', readFileSync(sample))).json());
    expect([second.added, second.changed, second.not_in_file]).toEqual([[], [], [{ code: 'DH', name: 'Thành phố' }]]);
  });

  test('with problems writes nothing and names them by line', async () => {
    const file = Buffer.from('code,name,parent,security_level\nX,x,NO,9\n');
    const answer = await send('POST', '/api/v1/units/import', file);
    expect(answer.json()).toMatchObject({
      status: 400,
      errors: [
        { location: 'body', name: 'line 2, security_level', detail: '"9": is a whole number from 1 to 5' },
        { location: 'body', name: 'line 2, parent', detail: 'there is no unit NO to be the parent of X' },
      ],
    });
    const dry = await send('POST', '/api/v1/units/import?dry_run=true', file);
    expect(ImportAnswer.parse(dry.json()).problems).toHaveLength(2);
    expect(server.units.list()).toHaveLength(2);
  });

  test('is of CSV only, and of a bounded length', async () => {
    expect((await send('POST', '/api/v1/units/import', {})).statusCode).toBe(400);
    expect((await send('POST', '/api/v1/units/import', Buffer.alloc(2_100_000))).statusCode).toBe(413);
    expect((await send('POST', '/api/v1/units', Buffer.from('code\nX'))).statusCode).toBe(400);
  });
});

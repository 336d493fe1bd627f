import { point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentList, AgentWithPoints, Summary } from '../schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
  const at = server.clock.now;
  server.units.ensure({ code: 'qb', name: 'Tỉnh Quảng Bình', parent: undefined }, at);
  server.units.ensure({ code: 'dh', name: 'Thành phố Đồng Hới', parent: 'qb' }, at);
  server.units.ensure({ code: 'dh-bacly', name: 'Phường Bắc Lý', parent: 'dh' }, at);
  server.units.ensure({ code: 'so-tttt', name: 'Sở Thông tin và Truyền thông', parent: undefined }, at);
});

afterEach(() => server.close());

async function get(url: string): Promise<unknown> {
  const answer = await server.app.inject({ url, headers: server.authorization() });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

async function namesOf(query: string): Promise<string[]> {
  return AgentList.parse(await get(`/api/v1/agents?${query}`)).items.map((agent) => agent.name);
}

function cpu(usage: number) {
  return point('cpu', { time: server.clock.now, tags: {}, fields: { usage_percent: usage } });
}

function filesystem(mount: string, used: number, readOnly = false) {
  return point('filesystem', {
    time: server.clock.now,
    tags: { mount, type: 'ext4' },
    fields: { used_percent: used, read_only: readOnly },
  });
}

describe('one agent', () => {
  test('a new one claims nothing', async () => {
    server.addAgent('a-1');
    const agent = AgentWithPoints.parse(await get('/api/v1/agents/a-1'));
    expect(agent).toEqual({
      id: 'a-1',
      name: 'host-a-1',
      unit: 'so-tttt',
      class: 'server',
      state: 'inconclusive',
      state_since: '2026-01-05T08:00:00.000Z',
      platform: 'linux',
      version: '1.0.0',
      enrolled_at: '2026-01-05T08:00:00.000Z',
      values: {},
      points: [],
    });
  });

  test('tells by which way it came, and by which gateway of its unit', async () => {
    const address = '10.1.1.1:8444';
    server.addAgent('a-gw', { unit: 'dh', class: 'gateway', addresses: ['10.1.1.1'] });
    server.addAgent('a-1', { unit: 'dh', way: { kind: 'relay', address } });
    server.addAgent('a-2', { unit: 'dh-bacly', way: { kind: 'relay', address } });
    server.addAgent('a-3', { unit: 'dh', way: { kind: 'direct', address: '10.0.0.10:8443' } });
    const wayOf = async (id: string) => AgentWithPoints.parse(await get(`/api/v1/agents/${id}`)).way;
    expect(await wayOf('a-1')).toEqual({ kind: 'relay', address, relay: { id: 'a-gw', name: 'host-a-gw' } });
    // Another office with the same private addresses.
    expect(await wayOf('a-2')).toEqual({ kind: 'relay', address });
    expect(await wayOf('a-3')).toEqual({ kind: 'direct', address: '10.0.0.10:8443' });
    expect(await wayOf('a-gw')).toBeUndefined();
  });

  test('shows its last values and points', async () => {
    server.addAgent('a-1');
    server.live.connected('a-1', -1_500);
    server.live.receive('a-1', [
      cpu(12.5),
      filesystem('/', 40),
      filesystem('/data', 91.5),
      filesystem('/cd', 100, true),
    ]);
    const agent = AgentWithPoints.parse(await get('/api/v1/agents/a-1'));
    expect(agent).toMatchObject({
      state: 'online',
      last_seen: '2026-01-05T08:00:00.000Z',
      clock_offset_seconds: -1.5,
      values: { cpu_usage_percent: 12.5, filesystem_used_percent: 91.5, filesystem_mount: '/data' },
    });
    expect(agent.values).not.toHaveProperty('memory_used_percent');
    expect(agent.points[0]).toEqual({
      measurement: 'cpu',
      tags: {},
      fields: { usage_percent: 12.5 },
      time: '2026-01-05T08:00:00.000Z',
    });
  });

  test('a hostile name is passed on as it is, as JSON', async () => {
    const hostname = '<img src=x onerror=alert(1)>\u202e"\\';
    server.addAgent('a-1', { hostname });
    expect(await get('/api/v1/agents/a-1')).toMatchObject({ name: hostname });
  });
});

describe('filters', () => {
  beforeEach(() => {
    server.addAgent('a-1', { hostname: 'web-1', unit: 'dh' });
    server.addAgent('a-2', { hostname: 'pc-vanthu', unit: 'dh-bacly', class: 'pc' });
    server.addAgent('a-3', { hostname: 'gw', unit: 'so-tttt', class: 'gateway' });
    server.live.connected('a-1', 0);
  });

  test.each([
    ['', ['gw', 'pc-vanthu', 'web-1']],
    ['class=pc', ['pc-vanthu']],
    ['state=online', ['web-1']],
    ['state=online,inconclusive', ['gw', 'pc-vanthu', 'web-1']],
    ['unit=dh-bacly', ['pc-vanthu']],
    ['unit=dh', ['pc-vanthu', 'web-1']],
    ['unit=qb', ['pc-vanthu', 'web-1']],
    ['unit=none', []],
    ['q=VANTHU', ['pc-vanthu']],
    ['q=a-3', ['gw']],
    ['q=dong+hoi', ['web-1']],
    ['q=bac+pc', ['pc-vanthu']],
    ['q=%20', ['gw', 'pc-vanthu', 'web-1']],
    ['q=none', []],
  ])('%j', async (query, names) => {
    expect(await namesOf(query)).toEqual(names);
  });

  test('the summary counts what passes', async () => {
    expect(Summary.parse(await get('/api/v1/summary?unit=qb'))).toEqual({
      total: 2,
      states: { online: 1, late: 0, offline: 0, planned: 0, inconclusive: 1, retired: 0 },
    });
  });
});

describe('order', () => {
  beforeEach(() => {
    for (const [id, hostname] of [
      ['a-1', 'pc-10'],
      ['a-2', 'pc-9'],
      ['a-3', 'đông'],
      ['a-4', 'pc-9'],
    ] as const) {
      server.addAgent(id, { hostname });
    }
    server.live.receive('a-1', [cpu(5)]);
    server.live.receive('a-3', [cpu(80)]);
    server.live.connected('a-1', 0);
    server.live.connected('a-2', 0);
    server.live.disconnected('a-2', 'closed');
  });

  async function idsOf(query: string): Promise<string[]> {
    return AgentList.parse(await get(`/api/v1/agents?${query}`)).items.map((agent) => agent.id);
  }

  test.each([
    ['sort=name', ['a-3', 'a-2', 'a-4', 'a-1']],
    ['sort=-name', ['a-1', 'a-4', 'a-2', 'a-3']],
    ['sort=state', ['a-2', 'a-3', 'a-4', 'a-1']],
    ['sort=cpu', ['a-1', 'a-3', 'a-2', 'a-4']],
    ['sort=-cpu', ['a-3', 'a-1', 'a-2', 'a-4']],
  ])('%s', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
    const paged: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page = AgentList.parse(await get(`/api/v1/agents?limit=1&${query}${after && `&after=${after}`}`));
      paged.push(...page.items.map((agent) => agent.id));
      after = page.next;
    }
    expect(paged).toEqual(ids);
  });

  test('a page goes on after an agent that no longer passes the filter', async () => {
    const first = AgentList.parse(await get('/api/v1/agents?limit=2&sort=name&state=offline,inconclusive'));
    expect(first.items.map((agent) => agent.id)).toEqual(['a-3', 'a-2']);
    server.live.connected('a-2', 0);
    const rest = AgentList.parse(await get(`/api/v1/agents?sort=name&state=inconclusive&after=${first.next}`));
    expect(rest).toMatchObject({ items: [{ id: 'a-4' }], next: null });
  });
});

test('seven thousand machines come page by page', async () => {
  for (let n = 0; n < 7_300; n += 1) server.addAgent(`a-${n}`, { hostname: `pc-${n}` });
  const seen = new Set<string>();
  for (let after: string | null = ''; after !== null; ) {
    const page = AgentList.parse(await get(`/api/v1/agents?limit=1000${after && `&after=${after}`}`));
    for (const agent of page.items) seen.add(agent.id);
    after = page.next;
  }
  expect(seen.size).toBe(7_300);
});

test('all that is wrong with a question is said at once', async () => {
  const answer = await server.app.inject({
    url: '/api/v1/agents?limit=0&state=ill&sort=luck&page=2&page=3',
    headers: server.authorization(),
  });
  expect(answer.json()).toMatchObject({
    status: 400,
    type: 'urn:problem-type:vonggac:invalid-request',
    errors: expect.arrayContaining([
      { location: 'query', name: 'limit', detail: expect.stringContaining('>=1') },
      { location: 'query', name: 'state.0', detail: expect.stringContaining('"online"') },
      { location: 'query', name: 'sort', detail: expect.stringContaining('"-cpu"') },
      {
        location: 'query',
        name: 'page',
        detail: 'is not known here; known are: unit, class, q, state, sort, after, limit',
      },
    ]),
  });
});

test.each(['x', 'bnVsbA', Buffer.from('["cpu",false,1,"a","b"]').toString('base64url')])(
  'the cursor %s is refused',
  async (after) => {
    const answer = await server.app.inject({ url: `/api/v1/agents?after=${after}`, headers: server.authorization() });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ name: 'after' }] });
  },
);

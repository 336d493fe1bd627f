/** Row 21 of the attacks: two machines with one key. And what they do with it: keys that change, agents that are revoked. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { closeCodes } from '@vonggac/shared';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadIdentity, publicKeyText } from '../../agent/src/identity.ts';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';
import { RawAgent } from '../harness/raw-agent.ts';

const folder = temporaryFolder();
const collector = new CollectorProcess(join(folder.path, 'collector'));
const started: AgentProcess[] = [];
const open: RawAgent[] = [];

beforeAll(async () => {
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
});

afterEach(async () => {
  for (const raw of open.splice(0)) raw.close();
  for (const agent of started.splice(0)) await agent.stop('SIGKILL');
});

afterAll(async () => {
  expect(collector.program.output).not.toMatch(/\n\s+at /);
  await collector.stop('SIGKILL');
  folder.remove();
});

function enrolled(name: string): AgentProcess {
  const agent = new AgentProcess(join(folder.path, name));
  // A pc measures once a minute: too seldom for what is looked for here.
  agent.enrol(collector, { unit: 'DV', class: 'server' });
  return agent;
}

/** The agent of a machine that was made by copying another one's disk. */
function copyOf(agent: AgentProcess, name: string): AgentProcess {
  const copy = new AgentProcess(join(folder.path, name));
  cpSync(agent.folder, copy.folder, { recursive: true });
  return copy;
}

function start(agent: AgentProcess): void {
  started.push(agent);
  agent.start();
}

async function rawOf(agent: AgentProcess): Promise<RawAgent> {
  const raw = await RawAgent.connect(agent.folder, collector.agentsPort);
  open.push(raw);
  return raw;
}

interface Status {
  readonly uplink: { readonly state: string; readonly closedAs?: string };
  readonly spool: { readonly records: number };
}

function statusOf(agent: AgentProcess): Status | undefined {
  const { stdout } = run('agent', ['status', '--data', agent.folder, '--json']);
  return stdout.startsWith('{') ? (JSON.parse(stdout) as Status) : undefined;
}

const isOpen = (agent: AgentProcess) => statusOf(agent)?.uplink.state === 'open';

function idOf(agent: AgentProcess): string {
  return loadIdentity(agent.folder)?.agent ?? '';
}

function keyOf(agent: AgentProcess): string | undefined {
  const identity = loadIdentity(agent.folder);
  return identity && publicKeyText(identity.privateKey);
}

interface Incident {
  readonly id: number;
  readonly count: number;
  readonly subject: string;
  readonly evidence: readonly { readonly what: string; readonly facts: Readonly<Record<string, string>> }[];
}

function incidentOf(agent: AgentProcess): Incident | undefined {
  const { items } = collector.command('incidents') as { items: Incident[] };
  return items.find(({ subject }) => subject === idOf(agent));
}

async function counter(name: string, label = ''): Promise<number> {
  const lines = String(await collector.get('/metrics')).split('\n');
  return Number(
    lines
      .find((line) => line.startsWith(name) && line.includes(label))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

/** Start times of the agent's processes whose values came in, newest known ones. */
async function writersOf(agent: AgentProcess): Promise<number[]> {
  const query = `measurement=agent&field=start_time_seconds&agent=${idOf(agent)}&from=-10m`;
  const { series } = (await collector.get(`/api/v1/series?${query}`)) as { series: { points: [number, number][] }[] };
  return series.flatMap(({ points }) => points.map(([, value]) => value));
}

test('two agents with one copied folder: the second is refused, the first goes on, nothing is mixed, no loop', async () => {
  const first = enrolled('first');
  start(first);
  await until('the first', () => isOpen(first));
  const second = copyOf(first, 'second');
  start(second);
  await until('the refusal', () => statusOf(second)?.uplink.closedAs === 'cloned');
  expect(run('agent', ['status', '--data', second.folder]).stdout).toContain('another one reports with the same key');
  const vi = run('agent', ['status', '--data', second.folder], { VONGGAC_AGENT_LANG: 'vi' });
  expect(vi.stdout).toContain('máy khác đang gửi bằng cùng một khóa');

  const incident = incidentOf(first);
  expect(incident).toMatchObject({ evidence: [{ what: 'second-holder', facts: { other_address: '127.0.0.1' } }] });
  expect(await counter('vonggac_incidents_open', 'kind="clone"')).toBe(1);

  const connections = await counter('vonggac_agent_connections_total');
  const since = Date.now();
  await wait(12_000);
  expect((await counter('vonggac_agent_connections_total')) - connections).toBeLessThanOrEqual(1);
  expect(await counter('vonggac_agent_closes_total', 'replaced')).toBe(0);
  expect(isOpen(first)).toBe(true);
  await until('a sign of life of the first', async () => {
    const last = (await collector.get(`/api/v1/agents/${idOf(first)}`)) as { last_seen: string };
    return Date.parse(last.last_seen) > since;
  });
  expect(new Set(await writersOf(first)).size).toBeLessThanOrEqual(1);

  // A person has seen to it: the first is gone for good, and the second is the one that stays.
  expect(statusOf(second)?.spool.records).toBeGreaterThan(0);
  await first.stop();
  collector.command('incidents', 'close', String(incident?.id), '--note', 'máy cũ đã tháo');
  await until('the second', () => isOpen(second), 90_000);
  await until('its backlog', () => statusOf(second)?.spool.records === 0);
  expect(incidentOf(first)).toBeUndefined();
});

test('an agent whose line was cut, or that was killed, is back at once, and nobody alarms', async () => {
  const agent = enrolled('cut');
  const mute = await rawOf(agent);
  await mute.open();
  // As behind a router that was switched off: no more answers, and no end of the connection either.
  mute.stopReading();
  const startedAt = Date.now();
  start(agent);
  await until('the agent', () => isOpen(agent));
  expect(Date.now() - startedAt).toBeLessThan(8_000);
  await agent.stop('SIGKILL');
  start(agent);
  await until('the agent again', () => isOpen(agent));
  expect(incidentOf(agent)).toBeUndefined();
});

test('one that gets in while the other is away keeps the place, and the other raises the alarm', async () => {
  const agent = enrolled('turns');
  const hello = async (started: number) => {
    const raw = await rawOf(agent);
    raw.send(await raw.hello({ started }));
    return raw;
  };
  const a = await hello(1);
  await a.next('welcome');
  a.close();
  await wait(300);
  const b = await hello(2);
  await b.next('welcome');
  expect((await (await hello(1)).closed).code).toBe(closeCodes.cloned.code);
  b.close();
  await wait(300);
  expect((await (await hello(1)).closed).code).toBe(closeCodes.cloned.code);
  expect(incidentOf(agent)).toMatchObject({ evidence: [{ what: 'former-holder' }] });
  await (await hello(2)).next('welcome');
});

test('an agent makes itself a new key when asked, and the old one is worth nothing', async () => {
  const agent = enrolled('rotated');
  start(agent);
  await until('the agent', () => isOpen(agent));
  const thief = copyOf(agent, 'thief');
  const before = keyOf(agent);
  expect(collector.command('agents', 'rotate-key', idOf(agent))).toEqual({ asked: 1 });
  await until('the new key', () => keyOf(agent) !== before);
  await until('the audit entry', () => {
    const { items } = collector.command('audit') as { items: { action: string; subject: string }[] };
    return items.some(({ action, subject }) => action === 'agent.rekey' && subject === idOf(agent));
  });
  expect(isOpen(agent)).toBe(true);
  await wait(300);
  const stolen = await rawOf(thief);
  stolen.send(await stolen.hello());
  expect((await stolen.closed).code).toBe(closeCodes.badSignature.code);
  await agent.stop();
  start(agent);
  await until('the agent after a restart', () => isOpen(agent));
  expect(incidentOf(agent)).toBeUndefined();
  expect(run('collector', ['agents', 'rotate-key', '--data', collector.folder]).code).toBe(2);
  expect(run('collector', ['agents', 'rotate-key', 'a-0', '--data', collector.folder]).code).toBe(1);
});

test('killed at any moment of the change, the agent comes back', async () => {
  const agent = enrolled('crashing');
  start(agent);
  await until('the agent', () => isOpen(agent));
  for (const afterMs of [0, 100, 200, 300, 400, 500, 550, 600]) {
    collector.command('agents', 'rotate-key', idOf(agent));
    await wait(afterMs);
    await agent.stop('SIGKILL');
    start(agent);
    await until(`the agent killed after ${afterMs} ms`, () => isOpen(agent));
  }
  await until('the end of the last change', () => {
    const { items } = collector.command('agents') as { items: { id: string; new_key_asked_at: string | null }[] };
    const isDone = items.find(({ id }) => id === idOf(agent))?.new_key_asked_at === null;
    return isDone && !existsSync(join(agent.folder, 'agent-key-next.pem'));
  });
  await agent.stop();
  const raw = await rawOf(agent);
  await raw.open();
  expect(await raw.next('config')).not.toHaveProperty('rotateKey');
});

test('a revoked agent is out within a second and stays out, and keeps what it measures', async () => {
  const agent = enrolled('revoked');
  start(agent);
  await until('the agent', () => isOpen(agent));
  collector.command('agents', 'revoke', idOf(agent));
  const revokedAt = Date.now();
  await until('the end', () => /"problem":"the agent was revoked/.test(agent.program.output), 15_000);
  expect(Date.now() - revokedAt).toBeLessThan(1_500);
  await until('a spool that grows', () => (statusOf(agent)?.spool.records ?? 0) >= 2, 40_000);
  expect(statusOf(agent)?.uplink).toMatchObject({ state: 'waiting', closedAs: 'revoked' });
  expect(agent.program.running).toBe(true);
});

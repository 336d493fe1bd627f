/** A collector that drives a Grafana: what happens at its machines is seen there, and what Grafana says is seen here. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeGrafana } from '../harness/fake-grafana/fake-grafana.ts';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';

const secret = 'mot-bi-mat-chi-grafana-biet';
/** What is to be seen may take its time on a machine that has much else to do. */
const patienceMs = 150_000;

interface IncidentView {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly closed_at?: string;
  readonly notified?: readonly { readonly receiver: string; readonly status: string }[];
}

let folder: ReturnType<typeof temporaryFolder>;
let grafana: FakeGrafana;
let collector: CollectorProcess;
let agent: AgentProcess | undefined;

beforeEach(async () => {
  folder = temporaryFolder();
  grafana = new FakeGrafana();
  await grafana.start();
  const file = (name: string) => join(folder.path, name);
  writeFileSync(file('token'), `${grafana.token}\n`, { mode: 0o600 });
  writeFileSync(file('secret'), `${secret}\n`, { mode: 0o600 });
  const settings = { url: grafana.url, token_file: file('token'), webhook_secret_file: file('secret') };
  writeFileSync(file('vonggac.yaml'), JSON.stringify({ grafana: settings }));
  collector = new CollectorProcess(file('collector'), { VONGGAC_CONFIG: file('vonggac.yaml') });
  await collector.start();
  collector.command('units', 'add', 'XA', '--name', 'Xã Quảng Phú');
});

afterEach(async () => {
  await agent?.stop('SIGKILL');
  agent = undefined;
  await collector.stop('SIGKILL');
  await grafana.stop();
  folder.remove();
});

const annotations = (tag: string) =>
  [...grafana.organisation.annotations.values()].filter(({ tags }) => tags.includes(tag));
const silences = () => [...grafana.organisation.silences.values()];
const incidents = async () => ((await collector.get('/api/v1/incidents?state=all')) as { items: IncidentView[] }).items;

async function post(body: unknown, authorization = `Bearer ${secret}`): Promise<number> {
  const headers = { authorization, 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(new URL('/api/v1/grafana/alerts', collector.consoleUrl), {
    method: 'POST',
    headers,
    body: text,
  });
  await answer.text();
  return answer.status;
}

test('an outage is a region, says who has taken it on, and who was told of it', { timeout: 400_000 }, async () => {
  agent = new AgentProcess(join(folder.path, 'agent'));
  agent.enrol(collector, { unit: 'XA', class: 'server' });
  agent.start();
  await until('the machine to be told', () => annotations('enrolled').length > 0, patienceMs);
  await agent.stop('SIGKILL');
  const [outage] = await until(
    'the outage in Grafana',
    () => annotations('outage').length > 0 && annotations('outage'),
    patienceMs,
  );
  expect(outage?.tags).toEqual(expect.arrayContaining(['vonggac', 'unit:XA']));
  expect(outage?.timeEnd).toBe(outage?.time);
  const incident = await until('the incident', async () =>
    (await incidents()).find(({ kind }) => outage?.tags.includes(kind)),
  );

  collector.command('incidents', 'acknowledge', `${incident.id}`, '--note', 'đang đến nơi');
  await until('the word of a person', () => annotations('outage')[0]?.text.includes('đang đến nơi'), patienceMs);

  const labels = { managed_by: 'vonggac', rule: ruleOf(incident.kind), unit: 'XA', agent: incident.subject };
  const message = (status: string) => ({ receiver: 'truc-ban', status, alerts: [{ status, labels }] });
  expect(await post(message('firing'))).toBe(200);
  expect(await post(message('firing'))).toBe(200);

  agent.start();
  await until(
    'the end of the region',
    () => annotations('outage').every((each) => each.timeEnd > each.time),
    patienceMs,
  );
  expect(await post(message('resolved'))).toBe(200);
  const over = (await incidents()).find(({ id }) => id === incident.id);
  expect(over?.closed_at).toBeDefined();
  expect(over?.notified).toMatchObject([
    { receiver: 'truc-ban', status: 'firing' },
    { receiver: 'truc-ban', status: 'resolved' },
  ]);
  const events = annotations('vonggac').map(({ tags }) => tags.find((tag) => tag.startsWith('ev:')));
  expect(new Set(events).size).toBe(events.length);
  expect(grafana.calls.unknown).toEqual([]);
});

function ruleOf(kind: string): string {
  return kind === 'machine-offline' ? 'server-down' : kind;
}

test('maintenance is a silence; away and back, restarted, nothing is written twice', { timeout: 300_000 }, async () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const window = collector.command(
    ...['maintenance', 'add', '--unit', 'XA', '--from', at(1), '--to', at(120), '--reason', 'thay máy chủ'],
  ) as { id: number };
  await until('the silence', () => silences().length > 0, patienceMs);
  expect(silences()).toMatchObject([{ createdBy: 'vonggac', comment: expect.stringContaining('thay máy chủ') }]);

  grafana.goAwayAfter(0);
  await collector.stop();
  await collector.start();
  collector.command('maintenance', 'cancel', `${window.id}`);
  await until('Grafana to be missed', async () => (await metrics()).includes('vonggac_grafana_reached 0'), patienceMs);
  expect((await collector.get('/readyz')) as unknown).toBeDefined();
  grafana.comeBack();
  await until(
    'the silence to be over',
    () => silences().every(({ endsAt }) => Date.parse(endsAt) <= Date.now()),
    patienceMs,
  );
  expect(silences()).toHaveLength(1);

  grafana.calls.forget();
  await collector.stop();
  await collector.start();
  await until('Grafana to be asked', () => grafana.calls.all.length > 0, patienceMs);
  await until('Grafana to be driven', async () => (await metrics()).includes('vonggac_grafana_reached 1'), patienceMs);
  expect(grafana.calls.writes).toEqual([]);
});

const metrics = async () => (await collector.get('/metrics')) as string;

test('the door of the webhook', async () => {
  const message = { receiver: 'truc-ban', status: 'firing', alerts: [] };
  expect(await post(message)).toBe(200);
  expect(await post(message, '')).toBe(401);
  expect(await post(message, 'Bearer sai')).toBe(401);
  expect(await post({ ...message, alerts: 'x' })).toBe(400);
  expect(await post('{')).toBe(400);
  expect(await post({ ...message, more: 'x'.repeat(1_100_000) })).toBe(413);
  expect(await metrics()).toContain('vonggac_grafana_webhooks_total{result="refused"} 2');
});

test('check-config tells of files that are not there; the collector starts without them', async () => {
  const config = join(folder.path, 'vonggac.yaml');
  expect(run('collector', ['check-config', '--config', config]).code).toBe(0);
  rmSync(join(folder.path, 'token'));
  rmSync(join(folder.path, 'secret'));
  const { code, stderr } = run('collector', ['check-config', '--config', config]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^grafana\.token_file: cannot read .*\ngrafana\.webhook_secret_file: cannot read /);
  await collector.stop();
  await collector.start();
  expect(await post({})).toBe(404);
  expect(collector.program.output).toContain('cannot read');
});

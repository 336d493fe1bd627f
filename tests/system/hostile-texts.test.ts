/** Row 30 of the attacks: names that want to be markup, templates, formulas or commands of a terminal. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeCodes, limits } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, saveIdentity } from '../../agent/src/identity.ts';
import { askNonce, post, proofOf } from '../harness/enrolment-guess.ts';
import { HostileTarget } from '../harness/hostile-target.ts';
import { run, temporaryFolder, until } from '../harness/program.ts';

/** Nothing of this may reach a terminal or a log as it is: controls, line separators, marks of direction. */
const deceptive = /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

const markup = [
  '<img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  `\${__data.fields}`,
  '{{7*7}}',
  '=cmd|"/c calc"!A1',
  '"><svg/onload=alert(1)>',
  '%s%n%x',
];
const controls = [
  '\u001b[2J\u001b[31mred',
  '\u009b31mred',
  '\u001b]8;;http://evil\u0007click\u001b]8;;\u0007',
  'gpj.\u202eexe',
  'a\u2028{"level":"error"}',
  'a\n{"level":"error"}',
  'x\ud800',
  '\u0000',
];

const folder = temporaryFolder();
const target = new HostileTarget(folder.path, {
  failed_tokens_per_address: 1_000,
  failed_tokens_per_second: 1_000,
  invalid_frames_per_minute: 1_000,
});
beforeAll(() => target.start());
afterAll(async () => {
  await target.stop();
  folder.remove();
});

function expectSoundLog(): void {
  for (const line of target.collector.program.output.split('\n').filter((one) => one !== '')) {
    expect(line).not.toMatch(deceptive);
    expect(() => JSON.parse(line) as unknown).not.toThrow();
  }
}

/** What `vonggac` prints for a person. */
function printed(...args: string[]): string {
  const { code, stdout } = run('collector', [...args, '--data', target.collector.folder]);
  expect(code).toBe(0);
  return stdout;
}

/** What the API calls the villain. */
async function shownName(): Promise<string> {
  const { items } = (await target.collector.get('/api/v1/agents')) as { items: { name: string }[] };
  return items.map(({ name }) => name).find((name) => name !== 'raw') ?? '';
}

/** What `vonggac agents` prints once the registry has the present name: it is written seconds later. */
async function listed(): Promise<string> {
  const name = await shownName();
  return until('the name in the list', () => {
    const list = printed('agents');
    return list.includes(name) && list;
  });
}

async function calls(hostname: string): Promise<void> {
  const agent = await target.stranger();
  agent.send(await agent.hello({ hostname, platform: hostname, version: hostname }));
  await agent.next('welcome');
  agent.batch(1);
  await agent.ack(1);
}

describe('a collector whose agent calls itself', () => {
  test.each(markup)('%s keeps it as text', async (name) => {
    await target.endures(name, async () => {
      await calls(name);
      expect(await shownName()).toBe(name);
      expect(await listed()).toContain(name);
      expectSoundLog();
    });
  });

  test.each(controls)('%j takes out what is not seen', async (name) => {
    await target.endures(JSON.stringify(name), async () => {
      await calls(name);
      expect(await shownName()).not.toMatch(deceptive);
      expect(await listed()).not.toMatch(deceptive);
      expect(printed('query', 'cpu.usage_percent')).not.toMatch(deceptive);
      expectSoundLog();
    });
  });

  test('ten megabytes hangs up', async () => {
    await target.endures('a name of 10 MB', async () => {
      const agent = await target.stranger();
      agent.send(await agent.hello({ hostname: 'x'.repeat(10_000_000) }));
      expect([closeCodes.invalidFrame.code, 1009, 1006]).toContain((await agent.closed).code);
      const other = await target.stranger();
      other.send(await other.hello({ hostname: 'x'.repeat(limits.text + 1) }));
      expect((await other.closed).code).toBe(closeCodes.invalidFrame.code);
      expectSoundLog();
    });
  });
});

test.each(controls)('a stranger that calls itself %j at enrolment writes nothing of it into the log', async (name) => {
  await target.endures(`an enrolment of ${JSON.stringify(name)}`, async () => {
    const first = await askNonce(target.port);
    const proof = JSON.parse(proofOf('000000000000000', first)) as object;
    const { status, body } = await post(first.line, JSON.stringify({ ...proof, hostname: name, platform: name }));
    expect([400, 403]).toContain(status);
    expect(body).not.toMatch(deceptive);
    expectSoundLog();
  });
});

test('the agent prints names of its collector without what is not seen', async () => {
  const data = join(folder.path, 'told');
  mkdirSync(data, { mode: 0o700 });
  saveIdentity(data, {
    agent: 'a-1',
    unit: controls.join(' '),
    class: 'pc',
    addresses: ['127.0.0.1:1'],
    pins: ['0123456789ABCD'],
    privateKey: makeKey(),
  });
  const uplink = { state: 'waiting', since: Date.now(), sentBytes: 0, receivedBytes: 0, problem: controls.join(' ') };
  const budget = { state: 'normal', usedBytes: 0, bytesPerDay: 1_000_000 };
  const spool = { records: 0, bytes: 0, lostPoints: 0, state: 0 };
  const status = { time: Date.now(), pid: 1, version: '1', agent: 'a-1', unit: controls.join(' '), started: 1 };
  writeFileSync(join(data, 'status.json'), JSON.stringify({ ...status, uplink, spool, budget, probeFailures: 0 }));
  const shown = await until('the status', () => run('agent', ['status', '--data', data]));
  expect(shown.stdout).toContain('a-1');
  expect(shown.stdout).not.toMatch(deceptive);
  // One value, one line.
  expect(shown.stdout).not.toMatch(/^\{/m);
});

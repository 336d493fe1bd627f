/** Row 33 of the attacks: an agent whose own collector means harm. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enrolByHand } from '../harness/enrol-by-hand.ts';
import { AgentProcess, temporaryFolder, until } from '../harness/program.ts';
import { StubCollector, welcome, welcomeAndAck } from '../harness/stub-collector.ts';

let folder: ReturnType<typeof temporaryFolder>;
let collector: StubCollector;
let agent: AgentProcess;

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new StubCollector();
  await collector.start(join(folder.path, 'collector'));
  agent = new AgentProcess(join(folder.path, 'agent'));
  enrolByHand(agent, { addresses: [collector.address], pin: collector.pin });
});

afterEach(async () => {
  expect(agent.program.output).not.toMatch(/\n\s+at /);
  expect(await agent.stop()).toBe(0);
  await collector.stop();
  folder.remove();
});

/** What runs as a child of the agent, from Linux' own books: process id and command line. */
function children(): [string, string][] {
  const tasks = `/proc/${agent.program.pid}/task`;
  const pids = readdirSync(tasks).flatMap((task) => readFileSync(join(tasks, task, 'children'), 'utf8').split(' '));
  return pids.filter(Boolean).flatMap((pid): [string, string][] => {
    try {
      return [[pid, readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()]];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** Processor seconds that the agent has used. */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${agent.program.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // utime and stime, in hundredths.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

describe('an agent whose own collector means harm', () => {
  const deep = (open: string, close: string) => `${open.repeat(20_000)}${close.repeat(20_000)}`;
  const config = (schedules: object) => JSON.stringify({ type: 'config', revision: 1, schedules });

  test.each<[string, string | Buffer]>([
    ['exec', '{"type":"exec","command":"touch /tmp/x"}'],
    ['a program in the settings', '{"type":"config","revision":1,"schedules":"/bin/sh -c id"}'],
    ['deep lists', deep('[', ']')],
    ['deep objects', `{"type":"config","revision":1,"schedules":${deep('{"a":', '}')}`],
    ['a setting with a name of 200 KB', config({ ['x'.repeat(200_000)]: '* * * * * *' })],
    ['settings of 100 MB', config({ cpu: 'x'.repeat(100_000_000) })],
    ['a frame that is not text', Buffer.alloc(100_000)],
    ['a window without end', '{"type":"welcome","session":"s","time":1,"window":1e9}'],
    ['retry in a million years', '{"type":"ack","seq":1,"retry":3e16}'],
    ['numbers that are none', '{"type":"ping","sent":1e999,"time":-1}'],
  ])('hangs up on %s and comes back', async (_, message) => {
    collector.answer = (received, send) => {
      welcomeAndAck(received, send);
      if (received.type === 'hello' && collector.connections === 1) send(message);
    };
    agent.start();
    await until('a second connection', () => collector.connections > 1, 30_000);
    await until('points', () => collector.count('batch') > 0, 30_000);
    const longest = Math.max(...agent.program.output.split('\n').map((line) => line.length));
    expect(longest).toBeLessThan(1_000);
  });

  test.each<[string, Record<string, string>]>([
    ['0', { cpu: '0' }],
    ['-1', { cpu: '*/-1 * * * * *' }],
    ['0.1 s', { cpu: '*/0.1 * * * * *' }],
    ['every 0 s', { cpu: '*/0 * * * * *' }],
    ['1e9', { cpu: '*/1000000000 * * * * *' }],
    ['a regular expression that never ends', { cpu: `${'*'.repeat(50)}!` }],
    ['inventory each second', { inventory: '* * * * * *' }],
    ['a path to a plugin', { '../../tmp/plugin': '* * * * * *', cpu: '../plugin.js' }],
  ])('refuses the cadence %s, goes on measuring and reports it', async (_, schedules) => {
    collector.answer = (received, send) => {
      welcomeAndAck(received, send);
      if (received.type === 'hello') send({ type: 'config', revision: 1, schedules });
    };
    agent.start();
    await until('points', () => collector.count('batch') > 0, 30_000);
    await until('the refusal', () => /unusable|cannot use a message/.test(agent.program.output), 30_000);
    expect(existsSync(join(agent.folder, 'pushed-config.json'))).toBe(false);
  });

  test('bears a flood of everything with next to no work, and starts nothing', async () => {
    const flood = [
      '{"type":"ping","sent":1,"time":1}',
      '{"type":"ack","seq":999999}',
      '{"type":"goodbye","reason":"restart"}',
      ...Array.from({ length: 50 }, (_, revision) => ({
        type: 'config',
        revision,
        schedules: Object.fromEntries(Array.from({ length: 8_000 }, (__, i) => [`p${revision}-${i}`, '* * * * *'])),
      })).map((one) => JSON.stringify(one)),
    ];
    collector.answer = (received, send) => {
      welcome(received, send);
      // Never done: sent again at once.
      if (received.type === 'batch') send({ type: 'ack', seq: received.seq, retry: 1 });
      if (received.type === 'hello') for (let i = 0; i < 4; i += 1) for (const message of flood) send(message);
    };
    agent.start();
    await until('the first connection', () => collector.connections > 0, 30_000);
    const started = new Map<string, string>();
    const usedBefore = cpuSeconds();
    const watchedMs = 15_000;
    for (const end = Date.now() + watchedMs; Date.now() < end; await wait(20)) {
      for (const [pid, command] of children()) started.set(pid, command);
    }
    const share = (cpuSeconds() - usedBefore) / (watchedMs / 1_000);
    // What it measures with by itself, at its own pace; a process that has just begun or ended has no command line.
    const own = /^$|vonggac-agent\.cjs (run|inventory)\b|^\/usr\/s?bin\/(ping|ip|traceroute|tracepath) /;
    for (const command of started.values()) expect(command).toMatch(own);
    expect(started.size).toBeLessThan(15);
    // Some fifth of a second for each connection; with the pauses growing to a minute that is under 1 %.
    expect(share).toBeLessThan(0.2);
    expect(agent.program.output).toContain('more messages than anything asked for');
    expect(agent.program.output.length).toBeLessThan(50_000);
    expect(statSync(join(agent.folder, 'spool.db')).size).toBeLessThan(1_000_000);
  });
});

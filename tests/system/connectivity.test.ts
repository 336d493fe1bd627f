/** The agent's connectivity checks through the real program: by hand, for another program, and as pushed. */
import { join } from 'node:path';
import { Baselines, decodePoints, type Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey, saveIdentity } from '../../agent/src/identity.ts';
import { deadPort, LocalServers } from '../../agent/src/probes/connectivity/testing/local-server.ts';
import { AgentProcess, agentProgram, run, temporaryFolder, until } from '../harness/program.ts';
import { StubCollector, welcomeAndAck } from '../harness/stub-collector.ts';
import { TalkingProgram } from '../harness/talking-program.ts';

const servers = new LocalServers();
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => {
  servers.stop();
  folder.remove();
});

describe('by hand', () => {
  function probe(...args: string[]) {
    return run('agent', ['probe', 'connectivity', '--data', folder.path, ...args]);
  }

  it('measures what is named; what is down is a result', async () => {
    const dead = `tcp://127.0.0.1:${await deadPort()}`;
    const { code, stdout } = probe('--target', dead, '--target', 'icmp://127.0.0.1', '--json');
    expect(code).toBe(0);
    const { points } = JSON.parse(stdout) as { points: Point[] };
    expect(points).toMatchObject([
      { measurement: 'connectivity', tags: { target: dead, kind: 'tcp' }, fields: { up: false, error: 'refused' } },
      { tags: { kind: 'icmp' }, fields: { up: true, rtt_ms: expect.any(Number), loss_percent: 0 } },
    ]);
  });

  it('says it to a person in a line each', async () => {
    const { code, stdout } = probe('--target', `tcp://127.0.0.1:${await deadPort()}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+ {2}DOWN {2}- {2}refused: the machine answers, but refuses\n$/);
  });

  it.each([
    [['--target', 'ftp://10.0.0.1'], 'a target begins with icmp://'],
    [['--target', 'tcp://10.0.0.1'], 'the port is missing'],
    [['--target', 'icmp://-f'], 'is not a host name'],
    [['--target'], 'argument missing'],
  ])('refuses %j', (args, message) => {
    const { code, stdout, stderr } = probe(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('has targets for this probe alone', () => {
    const { code, stderr } = run('agent', ['probe', 'cpu', '--target', 'icmp://127.0.0.1', '--data', folder.path]);
    expect([code, stderr]).toEqual([2, '--target and --follow belong to: vonggac-agent probe connectivity\n']);
  });
});

describe('--follow', () => {
  it('checks what each line names, keeps the last good line, and ends with its input', async () => {
    const program = new TalkingProgram([agentProgram, 'probe', 'connectivity', '--follow', '--data', folder.path]);
    try {
      // A name for which there is never an address (RFC 6761).
      const target = { id: 'bien-1', url: 'tcp://ubnd.invalid:1', scope: 'edge', every: 5 };
      program.say(JSON.stringify({ targets: [target] }));
      program.say('nonsense');
      program.say(JSON.stringify({ targets: [{ ...target, url: 'tcp://127.0.0.1:1' }] }));
      await until('a point', () => program.stdout.includes('\n'));
      await until('the complaints', () => program.stderr.split('\n').length > 2);
      expect(JSON.parse(program.stdout.split('\n')[0] ?? '')).toMatchObject({
        point: { tags: { target: 'bien-1', kind: 'tcp', scope: 'edge' }, fields: { up: false, error: 'dns' } },
      });
      expect(program.stderr).toContain('expected a target on another machine');
      expect(await program.end()).toBe(0);
    } finally {
      program.kill();
    }
  });
});

describe('as pushed', () => {
  let collector: StubCollector;
  let agent: AgentProcess;

  beforeEach(async () => {
    collector = new StubCollector();
    await collector.start(join(folder.path, 'collector'));
    agent = new AgentProcess(join(folder.path, 'agent'));
    saveIdentity(agent.folder, {
      agent: 'a-1',
      unit: 'DV',
      class: 'server',
      addresses: [collector.address],
      pins: [collector.pin],
      privateKey: makeKey(),
    });
  });

  afterEach(async () => {
    await agent.stop('SIGKILL');
    await collector.stop();
  });

  function pushed(targets: readonly object[]): void {
    collector.answer = (message, send) => {
      welcomeAndAck(message, send);
      if (message.type === 'hello') send({ type: 'config', revision: 1, schedules: {}, connectivity: { targets } });
    };
  }

  function points(): Point[] {
    const baselines = new Baselines();
    const bounds = { earliest: 0, latest: Number.POSITIVE_INFINITY };
    return collector.received
      .flatMap((message) =>
        message.type === 'batch' ? decodePoints(message.data, { sent: message.sent, bounds, baselines }).points : [],
      )
      .filter(({ measurement }) => measurement === 'connectivity');
  }

  function pointOf(target: string): Point | undefined {
    return points().find(({ tags }) => tags.target === target);
  }

  it('targets are checked, beside the collector that the machine knows itself', async () => {
    pushed([{ id: 'cong', url: 'https://cong.invalid/', scope: 'service', every: 5 }]);
    agent.start();
    expect(await until('the target', () => pointOf('cong'))).toMatchObject({
      tags: { kind: 'https', scope: 'service' },
      fields: { up: false, error: 'dns', checks: 1, failed_checks: 1 },
    });
    const own = await until('the collector', () => pointOf('collector'));
    expect(own).toMatchObject({ tags: { kind: 'tcp', scope: 'wan' }, fields: { up: true } });
  });

  it('two of one name are refused, and those of before stay', async () => {
    const target = { id: 'cong', url: 'tcp://cong.invalid:1', scope: 'service', every: 5 };
    pushed([target, { ...target, every: 10 }]);
    agent.start();
    await until('the refusal', () => agent.program.output.includes('settings of the collector are unusable'));
    await until('the collector', () => pointOf('collector'));
    expect(pointOf('cong')).toBeUndefined();
  });
});

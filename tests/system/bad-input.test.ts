/** What a wrong configuration, a hostile frame and a wrong code get from the real programs. */

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deflateRawSync } from 'node:zlib';
import { closeCodes, limits } from '@vonggac/shared';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';
import { RawAgent } from '../harness/raw-agent.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

function path(...parts: string[]): string {
  return join(folder.path, ...parts);
}

describe('starting a collector', () => {
  function serve(...args: string[]) {
    return run('collector', [
      'serve',
      '--agents-host',
      '127.0.0.1',
      '--agents-port',
      '0',
      '--console-port',
      '0',
      ...args,
    ]);
  }

  test('with a wrong configuration names every problem with its line and ends with 2', () => {
    writeFileSync(path('wrong.yaml'), 'agents:\n  prot: 1\nconsole:\n  port: many\n');
    const { code, stderr } = serve('--config', path('wrong.yaml'), '--data', path('a'));
    expect(code).toBe(2);
    expect(stderr).toContain('wrong.yaml:2: agents.prot: unknown key');
    expect(run('collector', ['check-config', '--config', path('wrong.yaml')]).stderr).toContain(
      'wrong.yaml:4: console.port',
    );
  });

  test('on a port that is taken says which and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? `${address?.port}` : '';
    const { code, stderr } = serve('--agents-port', port, '--data', path('b'));
    expect(code).toBe(1);
    expect(stderr).toContain(`port ${port} is taken`);
    expect(stderr).toContain('--agents-port');
    expect(serve('--console-port', port, '--data', path('b')).stderr).toContain('--console-port');
    other.close();
  });

  test('in a folder that cannot be used says so', () => {
    writeFileSync(path('file'), '');
    const { code, stderr } = serve('--data', path('file', 'data'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot create the data folder .*--data/m);
  });

  test.each(['collector.db', 'series.db'])('on a %s of a newer version refuses to touch it', async (file) => {
    const collector = new CollectorProcess(path(`newer-${file}`));
    await collector.start();
    await collector.stop();
    const database = new DatabaseSync(join(collector.folder, file));
    database.exec('PRAGMA user_version = 999');
    database.close();
    const { code, stderr } = serve('--data', collector.folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/newer version/);
  });

  test('with a clock before 2020 says to set it', () => {
    const { code, stderr } = run('collector', ['serve', '--data', path('c')], {
      NODE_OPTIONS: '--import=data:text/javascript,Date.now=function(){return(0)}',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('the clock of this machine says 1970');
  });

  test.each([
    [['nonsense']],
    [['query', 'cpu.speed']],
    [['query', 'cpu.usage_percent', '--since', 'long']],
    [['agents', '--nope']],
  ])('as %j ends with 2 and a hint', (args) => {
    const { code, stderr } = run('collector', [...args, '--data', path('d')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/known are|usage|is not a duration|there is no command/);
  });

  test('that nobody runs: query ends with 3', () => {
    const { code, stderr } = run('collector', ['query', 'cpu.usage_percent', '--data', path('e')]);
    expect(code).toBe(3);
    expect(stderr).toContain('no collector runs');
  });
});

describe('a running collector', () => {
  let collector: CollectorProcess;
  let enrolled: AgentProcess;
  const open: RawAgent[] = [];

  async function connect(): Promise<RawAgent> {
    const agent = await RawAgent.connect(enrolled.folder, collector.agentsPort);
    open.push(agent);
    return agent;
  }

  async function counter(name: string, labels = ''): Promise<number> {
    const text = String(await collector.get('/metrics'));
    const line = text.split('\n').find((one) => one.startsWith(`${name}${labels} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  beforeAll(async () => {
    collector = new CollectorProcess(path('collector'));
    await collector.start();
    collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
    enrolled = new AgentProcess(path('agent'));
    enrolled.enrol(collector, { unit: 'DV' });
  });

  afterEach(() => {
    for (const agent of open.splice(0)) agent.close();
  });

  afterAll(async () => {
    expect(collector.program.running).toBe(true);
    expect(await collector.stop()).toBe(0);
  });

  test.each([
    ['no JSON', '{'],
    ['an unknown type', '{"type":"exec"}'],
    ['a wrong key', '{"type":"batch","seq":"x","sent":1,"data":[]}'],
    ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('closes a session that sends %s, counts it and logs it once', async (_, frame) => {
    const before = await counter('vonggac_agent_closes_total', '{reason="invalidFrame"}');
    const logged = collector.program.output.split('invalid frame').length;
    const agent = await connect();
    await agent.open();
    agent.socket.send(frame);
    expect((await agent.closed).code).toBe(closeCodes.invalidFrame.code);
    expect(await counter('vonggac_agent_closes_total', '{reason="invalidFrame"}')).toBe(before + 1);
    expect(collector.program.output.split('invalid frame').length).toBe(logged + 1);
  });

  test('takes nothing but a hello first, and that within its limits', async () => {
    const early = await connect();
    early.send({ type: 'ping', sent: 1 });
    expect((await early.closed).code).toBe(closeCodes.unexpectedMessage.code);
    const large = await connect();
    large.send(await large.hello({ filler: 'x'.repeat(limits.frameBeforeHello) }));
    expect((await large.closed).code).toBe(closeCodes.invalidFrame.code);
    const silent = await connect();
    expect((await silent.closed).code).toBe(closeCodes.helloTimeout.code);
  });

  test('refuses a hello that is signed for another connection, another agent or not at all', async () => {
    const first = await connect();
    const recorded = await first.hello();
    for (const hello of [recorded, { ...recorded, signature: 'AAAA' }]) {
      const second = await connect();
      second.send(hello);
      expect((await second.closed).code).toBe(closeCodes.badSignature.code);
    }
    const stranger = await connect();
    stranger.send(await stranger.hello({ agent: 'a-0000000000000000' }));
    expect((await stranger.closed).code).toBe(closeCodes.unknownAgent.code);
  });

  test('stops inflating a bomb and a frame that is too large', async () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * 1_048_576));
    expect(bomb.length).toBeLessThan(limits.frame);
    const agent = await connect();
    await agent.open();
    agent.socket.send(bomb);
    expect((await agent.closed).code).toBe(closeCodes.invalidFrame.code);
    const other = await connect();
    await other.open();
    other.socket.send('x'.repeat(limits.frame + 1));
    expect((await other.closed).code).toBe(1009);
  });

  test('keeps the good points of a batch and counts the bad ones by reason', async () => {
    const agent = await connect();
    await agent.open();
    const sent = Date.now();
    const data = [
      [1, 1, [], [0], [421]],
      [9_999, 1, [], [0], [1]],
      [3, 1, ['/\n'], [0], [1]],
      [1, 1, [], [-3_600_000], [1]],
    ];
    agent.send({ type: 'batch', seq: 5, sent, data });
    expect(await agent.next('ack')).toEqual({ type: 'ack', seq: 5, refused: 3 });
    for (const reason of ['unknown_measurement', 'bad_tags', 'in_future']) {
      expect(await counter('vonggac_points_refused_total', `{reason="${reason}"}`)).toBeGreaterThan(0);
    }
    const answer = await collector.get(
      `/api/v1/series?measurement=cpu&field=usage_percent&agent=${agent.identity.agent}`,
    );
    expect(answer).toMatchObject({ series: [{ points: [[sent, 42.1]] }] });
  });

  test('writes the tags itself: an agent cannot name its unit', async () => {
    const { series } = (await collector.get('/api/v1/series?measurement=cpu&field=usage_percent')) as {
      series: { tags: object }[];
    };
    expect(series[0]?.tags).toEqual({ agent: expect.any(String), host: 'raw', unit: 'DV', class: 'pc' });
  });

  test('closes the session of a revoked agent within a second and refuses it afterwards', async () => {
    const other = new AgentProcess(path('revoked'));
    other.enrol(collector, { unit: 'DV' });
    const agent = await RawAgent.connect(other.folder, collector.agentsPort);
    open.push(agent);
    await agent.open();
    collector.command('agents', 'revoke', agent.identity.agent);
    const revokedAt = Date.now();
    expect((await agent.closed).code).toBe(closeCodes.revoked.code);
    expect(Date.now() - revokedAt).toBeLessThan(1_000);
    const again = await RawAgent.connect(other.folder, collector.agentsPort);
    open.push(again);
    again.send(await again.hello());
    expect((await again.closed).code).toBe(closeCodes.revoked.code);
  });

  test('refuses enrolment with a used code, and the agent says so in one sentence', () => {
    const made = collector.command('codes', 'create', '--unit', 'DV', '--class', 'pc') as { short_code: string };
    const enrol = (data: string, code = made.short_code) =>
      run('agent', ['enrol', code, '--address', `127.0.0.1:${collector.agentsPort}`, '--data', path(data)]);
    expect(enrol('first').code).toBe(0);
    expect(enrol('second')).toMatchObject({ code: 1, stderr: expect.stringContaining('The collector refused') });
    const misread = made.short_code.replace(/.$/, (last) => (last === '7' ? '8' : '7'));
    expect(enrol('third', misread)).toMatchObject({ code: 2, stderr: expect.stringContaining('Compare the code') });
    expect(enrol('first')).toMatchObject({ code: 1, stderr: expect.stringContaining('enrolled already') });
  });

  test('is the only one an agent talks to: another authority gets nothing', async () => {
    const stranger = new CollectorProcess(path('stranger'));
    await stranger.start();
    const made = collector.command('codes', 'create', '--unit', 'DV', '--class', 'pc') as { short_code: string };
    const address = `127.0.0.1:${stranger.agentsPort}`;
    const result = run('agent', ['enrol', made.short_code, '--address', address, '--data', path('fourth')]);
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was sent to it') });
    await stranger.stop();
    const nobody = run('agent', ['enrol', made.short_code, '--address', '127.0.0.1:1', '--data', path('fourth')]);
    expect(nobody).toMatchObject({ code: 3, stderr: expect.stringContaining('cannot be reached') });
  });

  test('has its folder for itself', () => {
    const ports = ['--agents-port', '0', '--console-port', '0'];
    const { code, stderr } = run('collector', ['serve', '--data', collector.folder, ...ports]);
    expect(code).toBe(1);
    expect(stderr).toContain('another collector works on');
  });

  test('is gone: the agent goes on measuring, and says that it waits', async () => {
    const agent = new AgentProcess(path('lonely'));
    agent.enrol(collector, { unit: 'DV' });
    agent.start({ VONGGAC_AGENT_ADDRESS: '127.0.0.1:1' });
    const status = await until(
      'two records in the spool',
      () => {
        const result = run('agent', ['status', '--data', agent.folder, '--json']);
        if (result.code !== 3) return undefined;
        const found = JSON.parse(result.stdout) as { uplink: { state: string }; spool: { records: number } };
        return found.spool.records >= 2 && found;
      },
      40_000,
    );
    expect(status).toMatchObject({ uplink: { state: expect.stringMatching(/waiting|connecting/) } });
    const second = run('agent', ['run', '--data', agent.folder]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by another process') });
    expect(await agent.stop()).toBe(0);
  });
});

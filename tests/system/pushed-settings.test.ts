/** What a collector pushes is data: the agent takes what makes sense, refuses the rest and reports that it did. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Baselines, decodePoints, type Point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeKey, saveIdentity } from '../../agent/src/identity.ts';
import { AgentProcess, temporaryFolder, until } from '../harness/program.ts';
import { StubCollector, welcomeAndAck } from '../harness/stub-collector.ts';

let folder: ReturnType<typeof temporaryFolder>;
let collector: StubCollector;
let agent: AgentProcess;

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new StubCollector();
  await collector.start(join(folder.path, 'collector'));
  agent = new AgentProcess(join(folder.path, 'agent'));
  saveIdentity(agent.folder, {
    agent: 'a-1',
    unit: 'DV',
    class: 'pc',
    addresses: [collector.address],
    pins: [collector.pin],
    privateKey: makeKey(),
  });
});

afterEach(async () => {
  await agent.stop('SIGKILL');
  await collector.stop();
  folder.remove();
});

/** Pushes settings after the welcome. */
function push(config: object): void {
  collector.answer = (message, send) => {
    welcomeAndAck(message, send);
    if (message.type === 'hello') send({ type: 'config', revision: 1, ...config });
  };
}

/** All points of the last connection; StubCollector acknowledges everything at once, so they come in order. */
function points(): Point[] {
  const baselines = new Baselines();
  const bounds = { earliest: 0, latest: Number.POSITIVE_INFINITY };
  return collector.received.flatMap((message) =>
    message.type === 'batch' ? decodePoints(message.data, { sent: message.sent, bounds, baselines }).points : [],
  );
}

test('a cadence that is taken is kept for the next start, with the collector away', async () => {
  push({ schedules: { cpu: '* * * * * *' } });
  agent.start();
  await until('samples each second', () => points().filter(({ measurement }) => measurement === 'cpu').length > 4);
  const file = join(agent.folder, 'pushed-config.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schedules: { cpu: '* * * * * *' } });
});

test.each([
  ['no cron expression', { schedules: { cpu: 'rm -rf /' } }],
  ['an expression that would fill the memory', { schedules: { cpu: '0-999999999 * * * * *' } }],
])('%s is refused, said so, and the agent measures on', async (_, config) => {
  push(config);
  agent.start();
  await until('the refusal', () => agent.program.output.includes('settings of the collector are unusable'));
  await until('a sample', () => points().some(({ measurement }) => measurement === 'cpu'));
  expect(agent.program.running).toBe(true);
});

test('pins without the one at hand are refused: nobody can cut an agent off from its collector', async () => {
  const stranger = collector.pin.replace(/./g, 'A');
  push({ schedules: {}, pins: [stranger] });
  agent.start();
  await until('the refusal', () => agent.program.output.includes('keeping the old ones'));
  expect(JSON.parse(readFileSync(join(agent.folder, 'identity.json'), 'utf8'))).toMatchObject({
    pins: [collector.pin],
  });
});

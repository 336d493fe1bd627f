/** The collector's authority changes while agents report, and nobody has to enrol again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';

const folder = temporaryFolder();
const collector = new CollectorProcess(join(folder.path, 'collector'));
const agent = new AgentProcess(join(folder.path, 'agent'));

beforeAll(async () => {
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  agent.enrol(collector, { unit: 'DV' });
  agent.start();
});

afterAll(async () => {
  await agent.stop('SIGKILL');
  await collector.stop('SIGKILL');
  folder.remove();
});

function knownPins(): string[] {
  return (JSON.parse(readFileSync(join(agent.folder, 'identity.json'), 'utf8')) as { pins: string[] }).pins;
}

async function state(): Promise<string | undefined> {
  const { items } = (await collector.get('/api/v1/agents')) as { items: { state: string }[] };
  return items[0]?.state;
}

test('prepared, told, promoted: the agent comes back on the new root', async () => {
  await until('the agent', async () => (await state()) === 'online');
  const [first] = knownPins();

  const prepared = collector.command('trust', 'rotate') as { next: { pin: string } };
  await until('both pins', () => knownPins().length === 2);
  expect(knownPins()).toEqual([first, prepared.next.pin]);

  // An agent that was not heard since would be left behind, so the change is refused until it is forced.
  const refused = run('collector', ['trust', 'rotate', '--now', '--data', collector.folder]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('would have to be enrolled again') });

  collector.command('trust', 'rotate', '--now', '--force');
  await until('the new root alone', () => knownPins().length === 1);
  expect(knownPins()).toEqual([prepared.next.pin]);
  const shown = collector.command('trust', 'show') as { items: { name: string; pin: string }[] };
  expect(shown.items.find(({ name }) => name === 'ca')?.pin).toBe(prepared.next.pin);

  await agent.stop();
  agent.start();
  await until('the agent on the new root', async () => (await state()) === 'online');
  await collector.stop();
  await collector.start();
  await until('the agent after a restart of the collector', async () => (await state()) === 'online', 40_000);
});

test('codes of the new root enrol', () => {
  const other = new AgentProcess(join(folder.path, 'other'));
  other.enrol(collector, { unit: 'DV' });
});

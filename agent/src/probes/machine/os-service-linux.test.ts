import { isServiceName } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProbeResult } from '../probe.ts';
import { osServiceProbe } from './os-service-linux.ts';
import { SampleRoot } from './testing/hardware-samples.ts';

let root: SampleRoot;

beforeEach(() => {
  pushed = [];
  root = new SampleRoot();
});

afterEach(() => root.remove());

let pushed: string[] = [];

function collect(...own: string[]): Promise<ProbeResult> {
  const probe = osServiceProbe(root.path, { own, pushed: () => pushed });
  return probe.collect({ time: 1, monotonicMs: () => 0 }, new AbortController().signal);
}

/** `name yes` or `name no`. */
async function states(...services: string[]): Promise<string[]> {
  const result = await collect(...services);
  if (result.status !== 'measured') throw new Error(result.reason);
  return result.points.map(({ tags, fields }) => `${tags.service} ${fields.running === true ? 'yes' : 'no'}`);
}

test('services that run, have stopped, or failed so that nothing is left of them', async () => {
  root.add('services-v2.tree.txt');
  expect(await states('nginx', 'docker.service', 'backup', 'postgresql@15-main', 'my-app@a.service')).toEqual([
    'nginx yes',
    'docker no',
    'backup no',
    'postgresql@15-main yes',
    'my-app@a yes',
  ]);
});

test('the same with control groups of version 1', async () => {
  root.add('services-v1.tree.txt');
  expect(await states('nginx', 'docker')).toEqual(['nginx yes', 'docker no']);
});

test('a service is seen stopping, and coming back', async () => {
  root.add('services-v2.tree.txt');
  root.remove('sys/fs/cgroup/system.slice/nginx.service');
  expect(await states('nginx')).toEqual(['nginx no']);
  root.write('sys/fs/cgroup/system.slice/nginx.service/cgroup.events', 'populated 1');
  expect(await states('nginx')).toEqual(['nginx yes']);
});

test('a name that no unit has is a mistake in the settings, not a service that is down', async () => {
  root.add('services-v2.tree.txt');
  expect(await collect('ngnix', 'nginx')).toMatchObject({
    points: [{ tags: { service: 'nginx' } }],
    incomplete: 'no such service: ngnix.service',
  });
});

test('what the collector names for many machines is watched where it is installed, once', async () => {
  root.add('services-v2.tree.txt');
  pushed = ['nginx.service', 'docker', 'postgresql'];
  expect(await states('nginx')).toEqual(['nginx yes', 'docker no']);
  expect(await collect()).not.toHaveProperty('incomplete');
});

test('nothing to watch, and nothing to watch by', async () => {
  expect(await collect()).toEqual({ status: 'not-here', reason: 'no service is to be watched' });
  await expect(collect('nginx')).rejects.toThrow('no control groups of systemd');
  pushed = ['nginx'];
  expect(await collect()).toMatchObject({ status: 'not-here' });
});

test.each(['', '../x', '/etc/x', 'a b', '-x', 'a..b', 'x'.repeat(129), 'a\n'])('%j is no name of a service', (name) => {
  expect(isServiceName(name)).toBe(false);
});

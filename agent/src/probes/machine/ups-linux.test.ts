import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProbeResult } from '../probe.ts';
import { SampleRoot, sample } from './testing/hardware-samples.ts';
import { upsProbe } from './ups-linux.ts';

let root: SampleRoot;
let listing = sample('nut-list-ups.txt');
let variables = sample('nut-on-line.txt');
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => socket.write(chunk.toString().startsWith('LIST UPS') ? listing : variables));
});

beforeEach(async () => {
  root = new SampleRoot();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  listing = 'BEGIN LIST UPS\nUPS phong-may "d"\nEND LIST UPS\n';
});

afterEach(() => {
  root.remove();
  server.close();
});

async function collect(): Promise<ProbeResult> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 1;
  return upsProbe(root.path, port).collect({ time: 1, monotonicMs: () => 0 }, new AbortController().signal);
}

test('gives what NUT and the kernel know', async () => {
  root.add('laptop-on-mains.tree.txt');
  variables = sample('nut-on-battery-low.txt');
  expect(await collect()).toEqual({
    status: 'measured',
    points: [
      {
        measurement: 'ups',
        tags: { ups: 'phong-may', kind: 'ups' },
        fields: { on_battery: true, charge_percent: 15, runtime_seconds: 181, low_battery: true },
        time: 1,
      },
      {
        measurement: 'ups',
        tags: { ups: 'BAT0', kind: 'battery' },
        fields: { on_battery: false, charge_percent: 96, low_battery: false },
        time: 1,
      },
    ],
  });
});

test('has nothing to say where there is none', async () => {
  listing = 'BEGIN LIST UPS\nEND LIST UPS\n';
  expect(await collect()).toEqual({ status: 'not-here', reason: 'no UPS and no battery' });
});

test('says what it could not read, beside what it could', async () => {
  root.add('laptop-on-mains.tree.txt');
  variables = 'ERR DATA-STALE\n';
  expect(await collect()).toMatchObject({
    points: [{ tags: { ups: 'BAT0' } }],
    incomplete: 'upsd says of phong-may: DATA-STALE',
  });
  listing = 'HTTP/1.1 400 Bad Request\nERR x\n';
  expect(await collect()).toMatchObject({ incomplete: expect.stringContaining('upsd') });
});

test('does not say what no device can mean', async () => {
  listing = 'BEGIN LIST UPS\nEND LIST UPS\n';
  root.add('laptop-on-mains.tree.txt');
  root.write('sys/class/power_supply/BAT0/capacity', '255');
  const result = await collect();
  expect(result).toMatchObject({ points: [{ tags: { ups: 'BAT0' } }] });
  expect(JSON.stringify(result)).not.toContain('charge_percent');
});

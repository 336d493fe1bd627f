import { afterEach, expect, test, vi } from 'vitest';
import { checkUrl, testOutside } from './testing/check-url.ts';
import { deadPort, LocalServers } from './testing/local-server.ts';

const servers = new LocalServers();
afterEach(() => servers.stop());

test('a port that is open is up, with the time to connect, and the connection is gone afterwards', async () => {
  const port = await servers.tcp(() => undefined);
  const result = await checkUrl(`tcp://127.0.0.1:${port}`);
  expect(result).toMatchObject({ up: true, error: undefined, details: {} });
  expect(result.rtts).toEqual([expect.any(Number)]);
  await vi.waitFor(() => expect(servers.open.size).toBe(0));
});

test('a closed port is refused', async () => {
  const result = await checkUrl(`tcp://127.0.0.1:${await deadPort()}`);
  expect(result).toMatchObject({ up: false, error: 'refused', rtts: [] });
});

test('of several addresses one that answers is enough, and it is named', async () => {
  const port = await servers.tcp(() => undefined);
  const outside = testOutside({ names: { 'may.example': ['::1', '127.0.0.1'] } });
  const result = await checkUrl(`tcp://may.example:${port}`, { outside });
  expect(result).toMatchObject({ up: true, details: { address: '127.0.0.1', dns_ms: expect.any(Number) } });
});

test('several that all fail are one word', async () => {
  const outside = testOutside({ names: { 'may.example': ['::1', '127.0.0.1'] } });
  const result = await checkUrl(`tcp://may.example:${await deadPort()}`, { outside });
  expect(result).toMatchObject({ up: false, error: 'refused' });
});

test('a name that nobody knows', async () => {
  expect(await checkUrl('tcp://may.example:80')).toMatchObject({ up: false, error: 'dns', details: {} });
});

test.each([
  ['the machine itself', ['127.0.0.1', '::1']],
  ['link-local', ['169.254.169.254']],
])('a name that leads to %s is forbidden to a collector, and nothing is connected to', async (_, addresses) => {
  let connections = 0;
  const port = await servers.tcp(() => {
    connections += 1;
  });
  const outside = testOutside({ names: { 'may.example': addresses } });
  const result = await checkUrl(`tcp://may.example:${port}`, { outside, target: { anyAddress: false } });
  expect(result).toMatchObject({ up: false, error: 'forbidden' });
  expect(connections).toBe(0);
});

test('a name that is never resolved ends at the limit', async () => {
  const outside = testOutside({ limitMs: 50, resolveName: () => new Promise(() => undefined) });
  expect(await checkUrl('tcp://may.example:80', { outside })).toMatchObject({ up: false, error: 'timeout' });
});

test('an error of our own is no measurement', async () => {
  const outside = testOutside({ resolveName: () => Promise.reject(new Error('no descriptors left')) });
  const result = await checkUrl('tcp://may.example:80', { outside });
  expect(result).toMatchObject({ up: undefined, error: 'failed', problem: 'no descriptors left' });
});

test('a check that is given up ends at once, also before it began', async () => {
  const controller = new AbortController();
  const outside = testOutside({ resolveName: () => new Promise(() => undefined) });
  const running = checkUrl('tcp://may.example:80', { outside, signal: controller.signal });
  controller.abort();
  expect((await running).up).toBeUndefined();
  expect((await checkUrl('tcp://may.example:80', { outside, signal: controller.signal })).up).toBeUndefined();
});

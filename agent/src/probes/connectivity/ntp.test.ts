import { afterEach, expect, test } from 'vitest';
import { checkUrl, testOutside } from './testing/check-url.ts';
import { deadPort, LocalServers } from './testing/local-server.ts';
import { ntpAnswer } from './testing/ntp-answer.ts';

const servers = new LocalServers();
afterEach(() => servers.stop());

async function checkAnswer(make: (request: Buffer) => Buffer[], limitMs = 4_000) {
  const port = await servers.udp((request, reply) => {
    for (const answer of make(request)) reply(answer);
  });
  return checkUrl(`ntp://127.0.0.1:${port}`, { outside: testOutside({ limitMs }) });
}

test('says how far the server is ahead', async () => {
  const result = await checkAnswer((request) => [ntpAnswer(request, 90_000)]);
  expect(result).toMatchObject({ up: true, rtts: [expect.any(Number)] });
  expect(Math.abs((result.details.clock_offset_ms ?? 0) - 90_000)).toBeLessThan(100);
});

test('reads the time beyond 2036, when the count of seconds begins anew', async () => {
  const ahead = Date.parse('2036-03-01') - Date.now();
  const outside = testOutside({ now: () => Date.now() + ahead });
  const port = await servers.udp((request, reply) => reply(ntpAnswer(request, ahead)));
  const { details } = await checkUrl(`ntp://127.0.0.1:${port}`, { outside });
  expect(Math.abs(details.clock_offset_ms ?? Number.NaN)).toBeLessThan(100);
});

test('passes over what is no answer to its question', async () => {
  const result = await checkAnswer((request) => [
    Buffer.alloc(0),
    Buffer.alloc(48, 0x24),
    ntpAnswer(Buffer.alloc(48)),
    ntpAnswer(request),
  ]);
  expect(result).toMatchObject({ up: true });
});

test.each<[string, string, (answer: Buffer) => void]>([
  ['a kiss of death', 'refused', (answer) => answer.fill(0, 1, 2).write('DENY\x1b[31m', 12, 'latin1')],
  ['a server that does not know the time', 'bad-answer', (answer) => answer.writeUInt8(0xe4, 0)],
  ['a stratum that says the same', 'bad-answer', (answer) => answer.writeUInt8(16, 1)],
  ['a client', 'bad-answer', (answer) => answer.writeUInt8(0x23, 0)],
  ['no time', 'bad-answer', (answer) => answer.fill(0, 40, 48)],
  ['an answer before the question', 'bad-answer', (answer) => answer.writeUInt32BE(answer.readUInt32BE(40) + 9, 32)],
])('%s', async (_, error, change) => {
  const result = await checkAnswer((request) => {
    const answer = ntpAnswer(request);
    change(answer);
    return [answer];
  });
  expect(result).toMatchObject({ up: false, error, rtts: [], details: {} });
});

test('only wrong answers until the time is up', async () => {
  const result = await checkAnswer(() => [ntpAnswer(Buffer.alloc(48))], 200);
  expect(result).toMatchObject({ up: false, error: 'timeout' });
});

test('nobody listens', async () => {
  expect(await checkUrl(`ntp://127.0.0.1:${await deadPort()}`)).toMatchObject({ up: false, error: 'refused' });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type PingAnswer, parsePing } from './ping-output.ts';

const folder = join(import.meta.dirname, '../../../../tests/fixtures/connectivity/ping');

function sample(name: string): string {
  return readFileSync(join(folder, `${name}.txt`), 'utf8');
}

const near = '10.77.0.1';
const silent: PingAnswer = { sent: 3, rtts: [], isUnreachable: false };
const refused: PingAnswer = { sent: 3, rtts: [], isUnreachable: true };

test.each<[string, string, PingAnswer]>([
  ['iputils-20221126-ipv6', '2001:db8:77::1', { sent: 3, rtts: [0.092, 0.036, 0.043], isUnreachable: false }],
  ['iputils-20221126-loss', near, { sent: 3, rtts: [0.031, 0.05], isUnreachable: false }],
  ['iputils-20221126-no-answer', near, silent],
  ['iputils-20221126-unreachable', '10.88.0.9', refused],
  ['iputils-20221126-prohibited', near, refused],
  ['iputils-2010', near, { sent: 3, rtts: [0.421, 0.398, 0.404], isUnreachable: false }],
  ['iputils-duplicates', near, { sent: 3, rtts: [0.308, 0.251], isUnreachable: false }],
  ['busybox-1.35-loss', near, { sent: 3, rtts: [0.052, 0.072], isUnreachable: false }],
  ['busybox-1.35-no-answer', near, silent],
  ['inetutils-2.4', near, { sent: 3, rtts: [0.057, 0.053, 0.055], isUnreachable: false }],
  ['inetutils-2.4-unreachable', '10.88.0.9', refused],
  ['windows-en', near, { sent: 3, rtts: [0.5, 3, 2], isUnreachable: false }],
  ['windows-en-ipv6', '2001:db8:77::1', { sent: 3, rtts: [0.5, 1, 1], isUnreachable: false }],
  ['windows-en-unreachable', '10.77.0.9', refused],
  ['windows-en-general-failure', '10.77.0.9', silent],
  ['windows-vi', near, { sent: 3, rtts: [0.5, 12], isUnreachable: false }],
  ['windows-vi-code-page', near, { sent: 3, rtts: [0.5, 12], isUnreachable: false }],
  ['windows-vi-unreachable', '10.77.0.9', refused],
])('%s', (name, address, answer) => {
  expect(parsePing(sample(name), address)).toEqual(answer);
});

test('the zone of a link-local address is there or not', () => {
  const text = sample('iputils-20221126-link-local');
  const address = /PING (\S+%k1l)/.exec(text)?.[1]?.replace(/\(.*/, '') ?? '';
  expect(parsePing(text, address).rtts).toHaveLength(3);
  expect(parsePing(text.replaceAll('%k1l:', ':'), address).rtts).toHaveLength(3);
});

describe('is not an answer of this host', () => {
  it.each([
    ['nothing', ''],
    ['words', 'ping: unknown host'],
    ['no totals', sample('iputils-20221126').split('---')[0] ?? ''],
    ['answers of another host', sample('iputils-20221126').replaceAll(near, '10.77.0.3')],
    ['more answers than packets', sample('iputils-20221126').replace('3 packets', '2 packets')],
    ['answers that nobody counted', sample('iputils-20221126').replace('3 received', '0 received')],
    ['counted answers that are not there', sample('iputils-20221126-no-answer').replace('0 received', '3 received')],
    ['times in another script', sample('windows-en').replaceAll('ms', 'мс')],
  ])('%s', (_, text) => {
    expect(() => parsePing(text, near)).toThrow('ping printed nothing that adds up');
  });
});

describe('whatever is printed', () => {
  const samples = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));

  it('damaged text is an answer that adds up, or an error, and never more than was sent', () => {
    const damage = fc.record({
      text: fc.constantFrom(...samples),
      at: fc.nat(),
      length: fc.nat(40),
      insert: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('3', '%', '= 3', 'time=1 ms', near)),
    });
    fc.assert(
      fc.property(damage, ({ text, at, length, insert }) => {
        const from = at % text.length;
        const damaged = text.slice(0, from) + insert + text.slice(from + length);
        const answer = attempt(damaged);
        if (!answer) return;
        expect(answer.rtts.length).toBeLessThanOrEqual(answer.sent);
        for (const rtt of answer.rtts) expect(Number.isFinite(rtt) && rtt >= 0, damaged).toBe(true);
        if (answer.rtts.length > 0) expect(damaged).toContain(near);
      }),
    );
  });

  it('a host that did not answer never seems to', () => {
    const dead = samples.filter((text) => !/[=<]\s*\d+(\.\d+)?\s*ms/.test(text));
    fc.assert(
      fc.property(fc.constantFrom(...dead), fc.nat(), fc.string({ maxLength: 10 }), (text, at, insert) => {
        const from = at % text.length;
        expect(attempt(text.slice(0, from) + insert + text.slice(from))?.rtts ?? []).toEqual([]);
      }),
    );
  });

  it('takes no long time over a long text', () => {
    const startedAt = performance.now();
    for (const piece of ['1 ', '= 1 ', '64 bytes from ', '9'.repeat(9), ' 1 % '])
      attempt(piece.repeat(16_384 / piece.length));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

function attempt(text: string): PingAnswer | undefined {
  try {
    return parsePing(text, near);
  } catch (error) {
    expect(String(error)).toContain('ping printed nothing that adds up');
    return undefined;
  }
}

import { expect, test } from 'vitest';
import { type Identity, makeKey } from '../identity.ts';
import { WrongCollector } from '../uplink/connect.ts';
import { type EnrolmentAnswer, EnrolmentRefused } from './enrol.ts';
import { enrolUntilDecided } from './enrol-until-decided.ts';

const identity: Identity = {
  agent: 'a-1',
  unit: 'U',
  class: 'pc',
  addresses: ['127.0.0.1:1'],
  pins: ['A'.repeat(52)],
  privateKey: makeKey(),
};
const pending = { kind: 'pending', id: 'p-1', retryMs: 3_000 } as const;
const busy = { kind: 'busy', retryMs: 9_500 } as const;
const granted = { kind: 'granted', identity } as const;

/** Gives one answer after the other and writes down what happens. */
function enrolWith(answers: readonly (EnrolmentAnswer | Error)[]): { done: Promise<Identity>; happened: string[] } {
  const left = [...answers];
  const happened: string[] = [];
  const done = enrolUntilDecided({
    ask: async () => {
      const answer = left.shift();
      if (!answer) throw new EnrolmentRefused('asked once too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    sleep: async (ms) => void happened.push(`${ms} ms`),
    random: () => 0.5,
    say: {
      pending: (id) => void happened.push(`waits as ${id}`),
      busy: (seconds) => void happened.push(`busy for ${seconds} s`),
      lost: (problem) => void happened.push(`lost: ${problem}`),
    },
  });
  return { done, happened };
}

test('who is let in at once does not wait', async () => {
  const { done, happened } = enrolWith([granted]);
  expect(await done).toBe(identity);
  expect(happened).toEqual([]);
});

test('who waits is told once, and asks at the pace that the collector wants, not all together', async () => {
  const { done, happened } = enrolWith([pending, { ...pending, retryMs: 8_000 }, granted]);
  expect(await done).toBe(identity);
  expect(happened).toEqual(['waits as p-1', '3375 ms', '9000 ms']);
});

test('a line that fails meanwhile is no reason to give up', async () => {
  const { done, happened } = enrolWith([
    pending,
    new Error('ECONNREFUSED'),
    new Error('ECONNREFUSED'),
    pending,
    granted,
  ]);
  await done;
  expect(happened.filter((each) => !each.endsWith(' ms'))).toEqual([
    'waits as p-1',
    'lost: ECONNREFUSED',
    'waits as p-1',
  ]);
});

test('a busy collector is asked again', async () => {
  const { done, happened } = enrolWith([busy, busy, granted]);
  expect(await done).toBe(identity);
  expect(happened).toEqual(['busy for 10 s', '10687.5 ms', '10687.5 ms']);
});

test.each([
  ['a line that fails at the first time', [new Error('ECONNREFUSED')], 'ECONNREFUSED'],
  ['a refusal', [new EnrolmentRefused('wrong')], 'wrong'],
  ['a refusal later', [pending, new EnrolmentRefused('no', 'declined')], 'no'],
  ['another collector', [pending, new WrongCollector('pin')], 'pin'],
])('%s ends it', async (_, answers, message) => {
  await expect(enrolWith(answers).done).rejects.toThrow(message);
});

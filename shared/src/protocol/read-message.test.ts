import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from './limits.ts';
import { InvalidMessage, parseAgentMessage, parseCollectorMessage } from './read-message.ts';

const maxBytes = 2 * 1_048_576;

test('keys of a newer peer are ignored', () => {
  expect(parseAgentMessage('{"type":"ping","sent":1,"mood":"good"}')).toEqual({ type: 'ping', sent: 1 });
});

test.each([
  ['not JSON', '{'],
  ['no object', '[1,2]'],
  ['nothing', ''],
  ['an unknown type', '{"type":"exec","command":"id"}'],
  ['a negative sequence', '{"type":"batch","seq":-1,"sent":1,"data":[]}'],
  ['a fraction as sequence', '{"type":"batch","seq":1.5,"sent":1,"data":[]}'],
  ['a number too large for JSON', '{"type":"ping","sent":1e999}'],
  ['a message of the other side', '{"type":"ack","seq":1}'],
  ['a prototype', '{"type":"goodbye","reason":"__proto__"}'],
])('refuses %s', (_, text) => {
  expect(() => parseAgentMessage(text)).toThrow(InvalidMessage);
});

test('an error never quotes the content of a frame', () => {
  const secret = 'secret-in-a-frame';
  const text = JSON.stringify({ type: 'hello', agent: secret.toUpperCase() });
  expect(() => parseAgentMessage(text)).toThrow(expect.not.stringContaining(secret) as unknown as string);
  const named = JSON.stringify({ type: 'config', revision: 1, schedules: { [secret.toUpperCase()]: '' } });
  expect(() => parseCollectorMessage(named)).toThrow(/^schedules: /);
});

test('whatever comes, parsing either gives a message or throws InvalidMessage', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      for (const parse of [parseAgentMessage, parseCollectorMessage]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidMessage);
        }
      }
    }),
  );
});

function batch(data: string): string {
  return `{"type":"batch","seq":1,"sent":1,"data":${data}}`;
}

function column(values: string): string {
  return batch(`[[1,1,[],[0],[${values}]]]`);
}

/** Repeats `text` up to about two megabytes. */
function many(text: string): string {
  return text.repeat(Math.floor(maxBytes / text.length) - 40);
}

test('reads what agents send', () => {
  const text = batch('[[1,[1,2],[],[0,5],[1,2,"a",-4]],[9999,64,["x"],[0],[]]]');
  expect(parseAgentMessage(text)).toEqual(JSON.parse(text));
});

test.each([
  ['nothing', ''],
  ['half a message', '{"type":"ba'],
  ['a byte order mark', `\ufeff${column('1')}`],
  ['no object', 'null'],
  ['an infinite number', column('1e999')],
  ['NaN', column('NaN')],
  ['a number that is not exact', column('9007199254740993')],
  ['a number of 400 digits', column('9'.repeat(400))],
  ['a fraction', column('0.5')],
  ['a long text', column(`"${'a'.repeat(limits.text + 1)}"`)],
  ['a series that is no list', batch('[{}]')],
  ['data that is no list', batch('{"length":1}')],
  ['too many series', batch(`[${'[],'.repeat(limits.pointsPerBatch)}[]]`)],
])('%s is not a message', (_, text) => {
  expect(() => parseAgentMessage(text)).toThrow(InvalidMessage);
});

test('minus zero and a repeated key are harmless', () => {
  expect(parseAgentMessage(column('-0'))).toMatchObject({ data: [[1, 1, [], [0], [-0]]] });
  expect(parseAgentMessage('{"type":"ping","sent":1,"sent":2,"__proto__":{"admin":1}}')).toEqual({
    type: 'ping',
    sent: 2,
  });
});

describe('two megabytes that are dear to check are refused in a moment', () => {
  test.each([
    ['null', column(`${many('null,')}1`)],
    ['lists', column(`${many('[],')}1`)],
    ['numbers', column(`${many('1,')}1`)],
    ['texts', column(`${many('"",')}1`)],
    ['large numbers', column(`${many('9999999999999999,')}1`)],
    ['brackets', batch(many('['))],
    ['brackets that close', batch(`${many('[').slice(0, 1_000_000)}${']'.repeat(1_000_000)}`)],
    ['nested lists', column(`${many('1,[')}${']'.repeat(600_000)}`)],
    ['nested objects', column(many('{"a":'))],
    ['series', batch(`[${many('[1,1,[],[0],[0]],')}[]]`)],
    ['keys', `{${Array.from({ length: 150_000 }, (__, i) => `"k${i}":0`).join()}}`],
    ['ReDoS', `{"type":"${many('a')}!"}`],
    ['ReDoS in a tag', batch(`[[1,1,["${many('a')}!"],[0],[0]]]`)],
  ])('%s', (_, text) => {
    const from = performance.now();
    expect(() => parseAgentMessage(text)).toThrow(InvalidMessage);
    // Tens of milliseconds; the schema alone took up to nineteen seconds.
    expect(performance.now() - from).toBeLessThan(1_000);
  });
});

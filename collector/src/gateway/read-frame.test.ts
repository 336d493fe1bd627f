import { deflateRawSync } from 'node:zlib';
import { batchDictionary, InvalidMessage, limits } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { inflateFrame, readAgentMessage } from './read-frame.ts';

const dictionary = Buffer.from(batchDictionary);
const maxBytes = 2 * 1_048_576;

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
  expect(readAgentMessage(text)).toEqual(JSON.parse(text));
  expect(inflateFrame(deflateRawSync(text, { dictionary }), maxBytes)).toBe(text);
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
  expect(() => readAgentMessage(text)).toThrow(InvalidMessage);
});

test('minus zero and a repeated key are harmless', () => {
  expect(readAgentMessage(column('-0'))).toMatchObject({ data: [[1, 1, [], [0], [-0]]] });
  expect(readAgentMessage('{"type":"ping","sent":1,"sent":2,"__proto__":{"admin":1}}')).toEqual({
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
    expect(() => readAgentMessage(text)).toThrow(InvalidMessage);
    // Tens of milliseconds; the schema alone took up to nineteen seconds.
    expect(performance.now() - from).toBeLessThan(1_000);
  });
});

test('inflating stops at the limit', () => {
  const bomb = deflateRawSync(Buffer.alloc(200 * 1_048_576), { dictionary });
  expect(() => inflateFrame(bomb, maxBytes)).toThrow(/within 2097152 bytes/);
  expect(() => inflateFrame(Buffer.from('no deflate'), maxBytes)).toThrow(InvalidMessage);
});

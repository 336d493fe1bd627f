/** Rows 24 to 29 of the attacks: what is inside valid frames of an enrolled agent. */
import { deflateRawSync } from 'node:zlib';
import { batchDictionary, closeCodes } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostileTarget } from '../harness/hostile-target.ts';
import { temporaryFolder } from '../harness/program.ts';

const dictionary = Buffer.from(batchDictionary);
const folder = temporaryFolder();
afterAll(() => folder.remove());

function deflated(text: string): Buffer {
  return deflateRawSync(text, { dictionary });
}

function batch(data: string, more = ''): string {
  return `{"type":"batch","seq":1,"sent":${Date.now()},"data":${data}${more}}`;
}

function column(values: string): string {
  return batch(`[[1,1,[],[0],[${values}]]]`);
}

/** About a megabyte, what inflating allows. */
function many(text: string): string {
  return text.repeat(Math.floor(1_000_000 / text.length));
}

function filesystem(mounts: readonly string[]): unknown {
  return mounts.map((mount) => [3, 1, [mount, 'ext4'], [0], [1]]);
}

describe('a collector', () => {
  const target = new HostileTarget(folder.path, { invalid_frames_per_minute: 1_000 });
  beforeAll(() => target.start());
  afterAll(() => target.stop());

  test.each([
    ['an infinite number', column('1e999')],
    ['NaN', column('NaN')],
    ['an inexact number', column('9007199254740993')],
    ['a number of 400 digits', column('9'.repeat(400))],
    ['a byte order mark', `\ufeff${column('1')}`],
    ['sent in nanoseconds', column('1').replace(/"sent":\d+/, '"sent":1795000000000000000')],
    ['a negative time', column('1').replace(/"sent":\d+/, '"sent":-1')],
    ['sequence 2^53', column('1').replace('"seq":1', '"seq":9007199254740992')],
    ['an ack for nothing, which only collectors send', '{"type":"ack","seq":1}'],
    ['a long tag', batch(`[[3,1,["${'a'.repeat(64_000)}!","x"],[0],[1]]]`)],
    ['100,000 nested lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['200,000 nulls, deflated', column(`${many('null,')}1`)],
    ['330,000 lists, deflated', column(`${many('[],')}1`)],
    ['500,000 numbers, deflated', column(`${many('1,')}1`)],
    ['330,000 texts, deflated', column(`${many('"",')}1`)],
    ['500,000 nested brackets, deflated', batch(`${'['.repeat(500_000)}${']'.repeat(500_000)}`)],
    ['nested objects, deflated', column(many('{"a":'))],
    ['60,000 series, deflated', batch(`[${many('[1,1,[],[0],[0]],')}[]]`)],
    ['an inflating bomb', ''],
  ])('closes a session on %s', async (name, text) => {
    await target.endures(name, async () => {
      const agent = await target.villain();
      const bomb = text === '' ? deflateRawSync(Buffer.alloc(200_000_000)) : undefined;
      agent.socket.send(bomb ?? (text.length > 200_000 ? deflated(text) : text));
      expect((await agent.closed).code).toBe(closeCodes.invalidFrame.code);
    });
  });

  test.each([
    ['a tag with a line break', filesystem(['a,role=admin v=1 1\nevil,host=x v=9']), 1],
    ['a tag with NUL', filesystem(['\u0000']), 1],
    ['a tag with half a character', filesystem(['x\ud800', '\udc00x']), 2],
    ['a tag with line separators', filesystem(['a\u2028b', 'a\u2029b']), 2],
    ['a tag that reads backwards', filesystem(['\u202egpj.exe', '\u2066x']), 2],
    ['a text of a field with half a character', [[10, [1], [], [0], ['Debian \ud83d']]], 1],
    ['points from 1970, next year and never', [[1, 1, [], [Date.now(), -4e11, 9e15], [1, 1, 1]]], 3],
    ['an unknown measurement', [[9_999, 1, [], [0, 0], [1, 1]]], 2],
    ['a wrong shape', [[1, 3, [], [0], [1]]], 1],
    [
      'five thousand points too many',
      [
        [1, 1, [], Array(5_000).fill(0), Array(5_000).fill(0)],
        [1, 1, [], [0], [1]],
      ],
      1,
    ],
  ])('refuses %s and keeps the session', async (name, data, refused) => {
    await target.endures(name, async () => {
      const agent = await target.villain();
      agent.batch(1, data);
      expect(await agent.ack(1)).toMatchObject({ refused });
      agent.batch(2);
      expect(await agent.ack(2)).toEqual({ type: 'ack', seq: 2 });
    });
  });

  test('keeps odd but harmless texts as texts', async () => {
    const mounts = [
      'a,role=admin v=1 1',
      'x\\',
      '"',
      'a=b',
      'C:\\ ',
      "'; DROP TABLE points; --",
      '<img src=x onerror=alert(1)>',
    ];
    await target.endures('odd tags', async () => {
      const agent = await target.villain();
      agent.batch(1, filesystem(mounts));
      expect(await agent.ack(1)).toEqual({ type: 'ack', seq: 1 });
      const path = `/api/v1/series?measurement=filesystem&field=total_bytes&agent=${agent.identity.agent}`;
      const { series } = (await target.collector.get(path)) as { series: { tags: { mount: string } }[] };
      expect(series.map(({ tags }) => tags.mount)).toEqual(expect.arrayContaining(mounts));
    });
  });

  test.each([
    ['a key that comes twice: the last one counts', column('1').replace('"seq":1', '"seq":9,"seq":1')],
    [
      'a key that would be a prototype',
      column('1').replace('"seq":1', '"__proto__":{"seq":9},"constructor":1,"seq":1'),
    ],
    ['minus zero', column('-0')],
  ])('takes %s', async (name, text) => {
    await target.endures(name, async () => {
      const agent = await target.villain();
      agent.socket.send(text);
      expect(await agent.ack(1)).toEqual({ type: 'ack', seq: 1 });
    });
  });

  test('is not troubled by an agent that comes with another epoch and sequence each time', async () => {
    await target.endures('100 epochs', async () => {
      for (let i = 0; i < 100; i += 1) {
        const agent = await target.stranger();
        agent.send(await agent.hello({ epoch: i % 2 === 0 ? 'one' : `other-${i}` }));
        await agent.next('welcome');
        for (const seq of [Number.MAX_SAFE_INTEGER, 0, i]) {
          agent.batch(seq);
          expect(await agent.ack(seq)).toEqual({ type: 'ack', seq });
          agent.received.length = 0;
        }
        agent.close();
      }
      const path = `/api/v1/series?measurement=cpu&field=usage_percent&agent=${(await target.villain()).identity.agent}`;
      const { series } = (await target.collector.get(path)) as { series: unknown[] };
      expect(series).toHaveLength(1);
    });
  });

  test('takes sequences and epochs in any order, each for itself', async () => {
    await target.endures('sequences and epochs', async () => {
      for (const epoch of ['one', 'two', 'one']) {
        const agent = await target.stranger();
        agent.send(await agent.hello({ epoch }));
        await agent.next('welcome');
        for (const seq of [5, 1, 1, Number.MAX_SAFE_INTEGER, 0, 5]) {
          agent.batch(seq);
          expect(await agent.ack(seq)).toMatchObject({ seq });
          agent.received.length = 0;
        }
        agent.close();
      }
    });
  });

  test('caps the series of one agent and says so', async () => {
    await target.endures('100,000 tag values', async () => {
      const before = await target.counter('vonggac_points_refused_total', 'too_many_series');
      const agent = await target.villain();
      let taken = 0;
      for (let seq = 1; seq <= 100; seq += 1) {
        agent.batch(seq, filesystem(Array.from({ length: 1_000 }, (_, i) => `/mount-${seq}-${i}`)));
        const { refused } = await agent.ack(seq);
        taken += 1_000 - Number(refused ?? 0);
      }
      expect(taken).toBeLessThanOrEqual(2_000);
      const after = await target.counter('vonggac_points_refused_total', 'too_many_series');
      expect(after - before).toBe(100_000 - taken);
      expect(target.collector.program.output.split('an agent has too many series')).toHaveLength(2);
    });
  });
});

test('an agent that goes on sending nonsense is kept out for a while', async () => {
  const other = temporaryFolder();
  const target = new HostileTarget(other.path, { invalid_frames_per_minute: 5 });
  await target.start();
  for (let i = 0; i < 6; i += 1) {
    const agent = await target.villain();
    agent.socket.send('nonsense');
    await agent.closed;
  }
  const agent = await target.stranger();
  agent.send(await agent.hello());
  expect((await agent.closed).code).toBe(closeCodes.tooFast.code);
  agent.close();
  await target.stop();
  other.remove();
});

import { Writable } from 'node:stream';
import { point } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { PointWriter } from './point-writer.ts';

const tags = { target: 'a', kind: 'tcp', scope: 'wan' };

test('while nobody reads the newest points are kept and the others counted', async () => {
  const written: string[] = [];
  let read: () => void = () => undefined;
  const stream = new Writable({
    highWaterMark: 1,
    write: (chunk, _encoding, done) => {
      written.push(...String(chunk).trimEnd().split('\n'));
      read = done;
    },
  });
  let dropped = 0;
  const writer = new PointWriter(stream, {
    maxWaiting: 2,
    onDropped: (count) => {
      dropped += count;
    },
  });
  for (let time = 1; time <= 5; time += 1) writer.write([point('connectivity', { time, tags, fields: { up: true } })]);
  const times = () => written.map((line) => (JSON.parse(line) as { point: { time: number } }).point.time);
  expect(times()).toEqual([1]);
  const drained = new Promise((resolve) => stream.once('drain', resolve));
  read();
  await drained;
  expect(times()).toEqual([1, 4, 5]);
  expect(dropped).toBe(2);
});

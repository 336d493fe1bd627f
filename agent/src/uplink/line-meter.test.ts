import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { LineMeter } from './line-meter.ts';

class FakeSocket extends EventEmitter {
  bytesRead = 0;
  bytesWritten = 0;

  pass(written: number, read: number): void {
    this.bytesWritten += written;
    this.bytesRead += read;
  }
}

test('adds up what open and closed connections have carried, each once', () => {
  const meter = new LineMeter();
  const [first, second] = [new FakeSocket(), new FakeSocket()];
  meter.watch(first);
  meter.watch(second);
  first.pass(100, 10);
  second.pass(5, 3);
  expect([meter.sent, meter.received]).toEqual([105, 13]);
  first.pass(1, 1);
  first.emit('close');
  first.emit('close');
  second.pass(5, 0);
  expect([meter.sent, meter.received]).toEqual([111, 14]);
});

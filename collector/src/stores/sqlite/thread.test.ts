import { describe, expect, it } from 'vitest';
import { Thread } from './thread.ts';

function script(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** Answers with the number of messages so far and what it got; ends badly when told to. */
const counting = script(`
  import { parentPort, workerData } from 'node:worker_threads';
  let count = 0;
  parentPort.on('message', (message) => {
    if (message === 'break') throw new Error('broken');
    if (message === 'loop') for (;;);
    count += 1;
    parentPort.postMessage(workerData + ' ' + count + ' ' + message);
  });`);

describe('Thread', () => {
  it('answers in order', async () => {
    const thread = new Thread<string, string>(counting, 'x');
    expect(await Promise.all(['a', 'b', 'c'].map((message) => thread.call(message)))).toEqual([
      'x 1 a',
      'x 2 b',
      'x 3 c',
    ]);
    await thread.stop();
  });

  it('rejects what was waiting when it breaks, and begins anew', async () => {
    const thread = new Thread<string, string>(counting, 'x');
    const results = await Promise.allSettled(['a', 'break', 'b'].map((message) => thread.call(message)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(results.at(-1)).toMatchObject({ reason: { message: 'the thread failed: broken' } });
    expect(await thread.call('c')).toBe('x 1 c');
    await thread.stop();
  });

  it('keeps the order of answers when a message cannot be sent', async () => {
    const thread = new Thread<unknown, string>(counting, 'x');
    const results = await Promise.allSettled([thread.call(() => {}), thread.call('a')]);
    expect(results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'x 1 a' }]);
    await thread.stop();
  });

  it('stops in the middle of its work', async () => {
    const thread = new Thread<string, string>(counting, 'x');
    const answer = thread.call('loop');
    const rejected = expect(answer).rejects.toThrow('the thread was stopped');
    await thread.stop();
    await rejected;
    await thread.stop();
  });
});

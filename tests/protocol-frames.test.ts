/** Frames as they were on the wire: the preset dictionary of batches must never change. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { batchDictionary, parseAgentMessage } from '@vonggac/shared';
import { expect, test } from 'vitest';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/protocol/${name}`, import.meta.url));
}

test('a deflated batch of protocol version 1 is still understood', () => {
  const text = inflateRawSync(fixture('v1-frames/agent-batch.deflated'), { dictionary: Buffer.from(batchDictionary) });
  expect(parseAgentMessage(text.toString())).toEqual(JSON.parse(fixture('v1/agent-batch.json').toString()));
});

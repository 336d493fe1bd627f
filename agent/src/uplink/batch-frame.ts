/** Records of the spool as one frame of the wire. */
import { deflateRawSync } from 'node:zlib';
import { type Baselines, type Batch, batchDictionary, encodePoints } from '@vonggac/shared';
import type { SpoolRecord } from '../spool/record.ts';

/** Small windows: a batch is small, and zlib's memory is the agent's. */
const deflateOptions = { level: 6, windowBits: 12, memLevel: 5, dictionary: Buffer.from(batchDictionary) } as const;

/**
 * Encodes records that share one clock offset: as text, or deflated when that is smaller. The frame has to be sent next
 * on the connection of `baselines`. `sent` is the agent's clock in milliseconds.
 */
export function batchFrame(
  records: readonly SpoolRecord[],
  options: { readonly seq: number; readonly sent: number; readonly baselines: Baselines },
): string | Buffer {
  const { seq, sent, baselines } = options;
  const offset = records[0]?.offset;
  const points = records.flatMap((record) => record.points);
  const batch: Batch = {
    type: 'batch',
    seq,
    sent,
    ...(offset !== undefined && { offset }),
    data: encodePoints(points, { sent, baselines }),
  };
  const text = JSON.stringify(batch);
  const deflated = deflateRawSync(text, deflateOptions);
  return deflated.length < text.length ? deflated : text;
}

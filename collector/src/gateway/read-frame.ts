/** From the bytes of a frame to a message, at a cost that follows from its length whatever is in it. */
import { inflateRawSync } from 'node:zlib';
import { AgentMessage, batchDictionary, InvalidMessage, limits } from '@vonggac/shared';

/** Values in one batch: many times what 5,000 points of today's measurements carry. */
const maxValues = 100_000;
/** Data, series, columns: three in a row are the most that a message has, outside its texts. */
const tooDeep = '['.repeat(limits.text + 1);

const dictionary = Buffer.from(batchDictionary);

/** Inflates a batch; stops at `maxBytes`. Throws InvalidMessage. */
export function inflateFrame(bytes: Buffer, maxBytes: number): string {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxBytes, dictionary }).toString('utf8');
  } catch {
    throw new InvalidMessage(`cannot inflate the frame within ${maxBytes} bytes`);
  }
}

/**
 * Reads one message from an agent. Throws InvalidMessage.
 *
 * The schema lists everything that is wrong with a value, which for some megabytes of wrong values takes seconds and
 * gigabytes. So the bulk of a batch is looked at first, with nothing but a loop.
 */
export function readAgentMessage(text: string): AgentMessage {
  const value = parseJson(text);
  if (isRecord(value) && 'data' in value) checkBulk(value.data);
  const result = AgentMessage.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InvalidMessage(`${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'invalid'}`);
}

function parseJson(text: string): unknown {
  // Brackets alone are the dearest that JSON.parse can be given: five times the cost of other text.
  if (text.includes(tooDeep)) throw new InvalidMessage('nested too deep');
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidMessage('not JSON');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function checkBulk(data: unknown): void {
  if (!Array.isArray(data) || data.length > limits.pointsPerBatch) throw new InvalidMessage('data: too many series');
  let values = 0;
  for (const series of data as readonly unknown[]) {
    if (!Array.isArray(series) || series.length !== 5) throw new InvalidMessage('data: not a series');
    for (const part of series as readonly unknown[]) {
      if (!Array.isArray(part)) continue;
      values += part.length;
      if (values > maxValues) throw new InvalidMessage(`data: more than ${maxValues} values`);
      for (const value of part as readonly unknown[]) if (!isWireValue(value)) throw new InvalidMessage('data: value');
    }
  }
}

function isWireValue(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= limits.text : Number.isSafeInteger(value);
}

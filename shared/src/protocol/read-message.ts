/** From the text of a frame to a message, at a cost that follows from its length whatever is in it. */
import type * as z from 'zod/mini';
import { limits } from './limits.ts';
import { AgentMessage, CollectorMessage } from './messages.ts';

/** Values in one batch: many times what 5,000 points of today's measurements carry. */
const maxValues = 100_000;
/** Data, series, columns: three in a row are the most that a message has, outside its texts. */
const tooDeep = '['.repeat(limits.text + 1);

/** A frame that is not a message; `message` is fit for a log line and carries no content of the frame. */
export class InvalidMessage extends Error {
  override name = 'InvalidMessage';
}

/**
 * Reads one message from an agent. Throws InvalidMessage.
 *
 * The schema lists everything that is wrong with a value, which for some megabytes of wrong values takes seconds and
 * gigabytes. So the bulk of a batch is looked at first, with nothing but a loop.
 */
export function parseAgentMessage(text: string): AgentMessage {
  const value = parseJson(text);
  if (isRecord(value) && 'data' in value) checkBulk(value.data);
  return check(AgentMessage, value);
}

/** Reads one message from a collector. Throws InvalidMessage. */
export function parseCollectorMessage(text: string): CollectorMessage {
  return check(CollectorMessage, parseJson(text));
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

/** Of the path only what the schema names: what stands below a record is named by the peer. */
function check<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.filter((key, depth) => depth === 0 || typeof key === 'number').join('.');
  throw new InvalidMessage(`${where || 'message'}: ${issue?.message ?? 'invalid'}`);
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

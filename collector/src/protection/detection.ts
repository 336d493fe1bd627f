/** A detection of malware, as a machine told it. */
import type { AgentClass, Point } from '@vonggac/shared';
import { cleanText } from '../registry/audit-entry.ts';
import { threatKey } from './threat-name.ts';

/** Times are milliseconds since 1970. Texts come from machines. */
export interface Detection {
  readonly agent: string;
  readonly host: string;
  /** The unit and class at the time of receipt. */
  readonly unit: string;
  readonly class: AgentClass;
  /** The same for the same detection, however often it is told. */
  readonly event: string;
  readonly product: string;
  readonly name: string;
  /** The name in the form in which it is compared. */
  readonly threat: string;
  readonly severity: string;
  readonly category: string | undefined;
  readonly object: string | undefined;
  readonly objectKind: string | undefined;
  readonly action: string | undefined;
  readonly resolved: boolean | undefined;
  readonly errorCode: string | undefined;
  readonly process: string | undefined;
  readonly sha256: string | undefined;
  readonly origin: string | undefined;
  readonly detectedAt: number;
  readonly receivedAt: number;
}

export interface Sender {
  readonly agent: string;
  readonly host: string;
  readonly unit: string;
  readonly class: AgentClass;
}

/** Undefined when the point is no detection. */
export function readDetection(
  { measurement, tags, fields, time }: Point,
  from: Sender & { readonly receivedAt: number },
): Detection | undefined {
  if (measurement !== 'malware') return undefined;
  const text = (key: string) => {
    const value = fields[key];
    return typeof value === 'string' && value !== '' ? cleanText(value) : undefined;
  };
  const { agent, host, unit, receivedAt } = from;
  const product = cleanText(tags.product ?? '');
  const name = text('name') ?? 'unnamed';
  return {
    agent,
    host,
    unit,
    class: from.class,
    event: text('event') ?? `${product} ${time} ${name}`.slice(0, 200),
    product,
    name,
    threat: threatKey(name),
    severity: cleanText(tags.severity ?? 'unknown'),
    category: text('category'),
    object: text('object'),
    objectKind: text('object_kind'),
    action: text('action'),
    resolved: resolvedOf(fields.resolved, { action: text('action'), errorCode: text('error_code') }),
    errorCode: text('error_code'),
    process: text('process'),
    sha256: text('sha256'),
    origin: text('origin'),
    detectedAt: time,
    receivedAt,
  };
}

const noError = /^(0x)?0+$/i;
const endings: ReadonlySet<string | undefined> = new Set(['blocked', 'cleaned', 'quarantined', 'removed']);

/** An action that failed has resolved nothing, whatever else is said; one that did not has, unless that is denied. */
function resolvedOf(
  resolved: unknown,
  { action, errorCode }: { action: string | undefined; errorCode: string | undefined },
): boolean | undefined {
  if (action === 'failed' || (errorCode !== undefined && !noError.test(errorCode))) return false;
  if (typeof resolved === 'boolean') return resolved;
  return endings.has(action) ? true : undefined;
}

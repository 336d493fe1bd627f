/** What reads bytes from outside, each with the one way in which it may say no. Anything else that it throws is a bug. */
import {
  Baselines,
  type CollectorMessage,
  decodePoints,
  EnrolmentGrant,
  EnrolmentNonce,
  EnrolmentRequest,
  formatFullCode,
  formatShortCode,
  InvalidEnrolmentCode,
  InvalidMessage,
  measurementByName,
  parseAgentMessage,
  parseCollectorMessage,
  parseEnrolmentCode,
} from '@vonggac/shared';
import { InvalidCadence, nextMatch, parseCadence } from '../../agent/src/scheduler/cadence.ts';
import { inflateFrame } from '../../collector/src/gateway/inflate-frame.ts';
import { readUnitFile } from '../../collector/src/registry/unit-file.ts';
import { isTagValue, refusalOf } from '../../collector/src/stores/check-point.ts';
import { hardwareReaders } from './hardware-readers.ts';
import { mutate } from './mutate.ts';
import { mutateDeflated } from './mutate-deflated.ts';
import { mutateJson } from './mutate-json.ts';
import { protectionReaders } from './protection-readers.ts';
import type { Random } from './random.ts';
import { type Seeds, seeds } from './seeds.ts';

export type Outcome = 'taken' | 'refused';

export interface Reader {
  readonly name: string;
  readonly seeds: Seeds;
  readonly mutate: (bytes: Buffer, options: { random: Random; other: Buffer }) => Buffer;
  /** Throws when the bytes got through that should not, or were refused in another way than agreed. */
  read(bytes: Buffer): Outcome;
}

const inflatedAtMost = 4 * 1_048_576;
const now = Date.UTC(2026, 10, 23);
/** Longer than any honest input takes by far, on a busy machine too. */
export const slowMs = 1_000;

/** Runs `read`; an error of this type is a refusal. */
function refusing(type: new (...args: never[]) => Error, read: () => void): Outcome {
  try {
    read();
    return 'taken';
  } catch (error) {
    if (error instanceof type) return 'refused';
    throw error;
  }
}

/** What the codec lets through must be fit for a store. */
function readAgentMessage(text: string): void {
  const message = parseAgentMessage(text);
  if (message.type !== 'batch') return;
  const bounds = { earliest: now - 1e12, latest: now + 1e12 };
  const baselines = new Baselines();
  // Twice over one connection: the second time against what the first left behind.
  for (let time = 0; time < 2; time += 1) {
    for (const point of decodePoints(message.data, { sent: message.sent, bounds, baselines }).points) {
      const measurement = measurementByName(point.measurement);
      if (!measurement) throw new Error(`the codec let through a measurement ${point.measurement}`);
      const refusal = refusalOf(point, { measurement, oldest: 0 });
      if (refusal !== undefined) throw new Error(`the codec let through what a store refuses: ${refusal}`);
      const texts = [...Object.values(point.tags), ...Object.values(point.fields)].filter(isText);
      if (!texts.every((text) => text === '' || (isTagValue(text) && text.isWellFormed()))) {
        throw new Error('the codec let through a text that no store can hold');
      }
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function readCollectorMessage(text: string): void {
  const message: CollectorMessage = parseCollectorMessage(text);
  if (message.type !== 'config') return;
  for (const expression of Object.values(message.schedules)) {
    refusing(InvalidCadence, () => nextMatch(parseCadence(expression), now));
  }
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const readers: readonly [Reader, ...Reader[]] = [
  {
    name: 'agent-message',
    seeds: seeds.agentMessages,
    mutate: mutateJson,
    read: (bytes) => refusing(InvalidMessage, () => readAgentMessage(bytes.toString('utf8'))),
  },
  {
    name: 'deflated-batch',
    seeds: seeds.batches,
    mutate: mutateDeflated,
    read: (bytes) => refusing(InvalidMessage, () => readAgentMessage(inflateFrame(bytes, inflatedAtMost))),
  },
  {
    name: 'collector-message',
    seeds: seeds.collectorMessages,
    mutate: mutateJson,
    read: (bytes) => refusing(InvalidMessage, () => readCollectorMessage(bytes.toString('utf8'))),
  },
  {
    name: 'enrolment',
    seeds: seeds.enrolments,
    mutate: mutateJson,
    read(bytes) {
      const value = readJson(bytes);
      const schemas = [EnrolmentNonce, EnrolmentRequest, EnrolmentGrant];
      return schemas.some((schema) => schema.safeParse(value).success) ? 'taken' : 'refused';
    },
  },
  {
    name: 'enrolment-code',
    seeds: seeds.codes,
    mutate,
    read(bytes) {
      const text = bytes.toString('utf8');
      return refusing(InvalidEnrolmentCode, () => {
        const code = parseEnrolmentCode(text);
        const again = parseEnrolmentCode(code.addresses.length === 0 ? formatShortCode(code) : formatFullCode(code));
        if (JSON.stringify(again) !== JSON.stringify(code)) throw new Error('the code reads differently when written');
      });
    },
  },
  {
    name: 'unit-file',
    seeds: seeds.unitFiles,
    mutate,
    read: (bytes) => (readUnitFile(bytes).problems.length === 0 ? 'taken' : 'refused'),
  },
  ...protectionReaders,
  ...hardwareReaders,
];

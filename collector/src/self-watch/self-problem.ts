/** What is wrong with the collector itself, judged from what it has measured of itself. */
import type { LoopDelay } from './event-loop-watch.ts';

export const selfProblemCodes = ['store', 'disk', 'event-loop', 'ingest', 'memory', 'certificate'] as const;
export type SelfProblemCode = (typeof selfProblemCodes)[number];

export interface SelfProblem {
  readonly code: SelfProblemCode;
  /** `critical`: the collector cannot do its work. `warning`: it will not for long. */
  readonly severity: 'critical' | 'warning';
  /** What is wrong, and what to do about it; for a person. */
  readonly text: string;
  readonly action: string;
  /** The values behind it, short. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface Certificate {
  /** Whose: `root`, `agents-port` or `console`. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly validTo: number;
}

/** What problems are judged from. */
export interface SelfState {
  /** Undefined when the store takes writes. */
  readonly storeTrouble: string | undefined;
  /** Of the disk of the data folder; undefined where it cannot be told. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  /** The worst of the last minute. */
  readonly loop: LoopDelay;
  readonly ingestLagMs: number;
  /** Share of the memory that Node may use, 0 to 1. */
  readonly heapShare: number;
  readonly certificates: readonly Certificate[];
  readonly now: number;
}

const megabyte = 1_048_576;
const dayMs = 86_400_000;

/** The registry, the incidents and the embedded store write to this disk. */
const diskFullBytes = 100 * megabyte;
const diskLow = { bytes: 1_024 * megabyte, share: 0.05 } as const;
/** Agents call the collector dead after a minute, and people a page after a second. */
const loopStuck = { p99Ms: 1_000, maxMs: 10_000 } as const;
const ingestBehindMs = 10_000;
const heapHighShare = 0.9;
/** The leaf of the agents' port renews itself a month before its end; less than this means that it could not. */
const certificateDays: Readonly<Record<string, number>> = { 'agents-port': 14, root: 180, console: 30 };

export function selfProblems(state: SelfState): SelfProblem[] {
  return [storeProblem(state), diskProblem(state), loopProblem(state), ingestProblem(state), memoryProblem(state)]
    .filter((problem) => problem !== undefined)
    .concat(certificateProblems(state));
}

function storeProblem({ storeTrouble }: SelfState): SelfProblem | undefined {
  if (storeTrouble === undefined) return undefined;
  return {
    code: 'store',
    severity: 'critical',
    text: `the store takes no data: ${storeTrouble}`,
    action: 'see that its server runs, or that its disk has room; agents keep their data meanwhile',
    facts: { error: storeTrouble },
  };
}

function diskProblem({ disk }: SelfState): SelfProblem | undefined {
  if (!disk) return undefined;
  const isFull = disk.freeBytes < diskFullBytes;
  const isLow = disk.freeBytes < Math.max(diskLow.bytes, diskLow.share * disk.totalBytes);
  if (!isFull && !isLow) return undefined;
  const free = `${Math.floor(disk.freeBytes / megabyte)} MB`;
  return {
    code: 'disk',
    severity: isFull ? 'critical' : 'warning',
    text: `the disk of the data folder ${isFull ? 'is full' : 'fills up'}: ${free} free`,
    action: 'free some room, enlarge it, or keep readings for fewer days (store.raw_days)',
    facts: { free },
  };
}

function loopProblem({ loop }: SelfState): SelfProblem | undefined {
  if (loop.p99Ms < loopStuck.p99Ms && loop.maxMs < loopStuck.maxMs) return undefined;
  const longest = `${Math.round(loop.maxMs)} ms`;
  return {
    code: 'event-loop',
    severity: 'critical',
    text: `the collector was stuck for ${longest} within the last minute`,
    action: 'give it a processor of its own; look for what else runs on the machine, and for a disk that hangs',
    facts: { longest, p99: `${Math.round(loop.p99Ms)} ms` },
  };
}

function ingestProblem({ ingestLagMs }: SelfState): SelfProblem | undefined {
  if (ingestLagMs < ingestBehindMs) return undefined;
  const lag = `${Math.round(ingestLagMs / 1_000)} s`;
  return {
    code: 'ingest',
    severity: 'critical',
    text: `readings wait ${lag} for the store`,
    action: "look at the store's disk and server; agents keep their data meanwhile",
    facts: { lag },
  };
}

function memoryProblem({ heapShare }: SelfState): SelfProblem | undefined {
  if (heapShare < heapHighShare) return undefined;
  const used = `${Math.round(100 * heapShare)} %`;
  return {
    code: 'memory',
    severity: 'warning',
    text: `the collector uses ${used} of the memory that it may use`,
    action: 'set NODE_OPTIONS=--max-old-space-size to more megabytes, and restart it',
    facts: { used },
  };
}

function certificateProblems({ certificates, now }: SelfState): SelfProblem[] {
  return certificates.flatMap(({ name, validTo }): SelfProblem[] => {
    const days = Math.floor((validTo - now) / dayMs);
    if (days >= (certificateDays[name] ?? 0)) return [];
    const actions: Readonly<Record<string, string>> = {
      'agents-port': 'it renews itself; see the log for why it could not',
      root: 'prepare the next one and let agents learn it: "vonggac trust"',
      console: 'put a new certificate in the place of the files of console.tls',
    };
    return [
      {
        code: 'certificate',
        // Agents know the collector by its key, whatever the date.
        severity: name === 'console' && days < 0 ? 'critical' : 'warning',
        text: `the certificate ${name} ${days < 0 ? 'has ended' : `ends in ${days} days`}`,
        action: actions[name] ?? 'renew it',
        facts: { name, days: `${days}` },
      },
    ];
  });
}

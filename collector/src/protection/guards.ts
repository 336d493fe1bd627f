/** Which of a machine's products keep malware out, which do not, and of which that cannot be said. */
import type { Evidence, ProductState } from './evidence.ts';

/** They know malware by behaviour and by asking their cloud: they have no signatures and make no scans. */
const withoutSignatures: ReadonlySet<string> = new Set(['crowdstrike', 'sentinelone']);
/** They work beside another product. */
const besideOthers: ReadonlySet<string> = new Set([...withoutSignatures, 'mde']);

const notRunning: ReadonlySet<string> = new Set(['disabled', 'not_running']);

export interface Guards {
  /** Known to protect in real time. */
  readonly active: readonly ProductState[];
  /** Scan only when they are told to. */
  readonly onDemand: readonly ProductState[];
  /** On their way. */
  readonly starting: readonly ProductState[];
  /** There, but nobody knows whether they protect. */
  readonly uncertain: readonly ProductState[];
  /** Known not to protect. */
  readonly off: readonly ProductState[];
  /** Left over in Windows Security Center. */
  readonly orphans: readonly ProductState[];
  /** Anything at all was read. */
  readonly isRead: boolean;
}

/** `since`: what was read before is out of date. */
export function sortProducts({ products }: Evidence, since: number): Guards {
  const fresh = products.filter(({ time }) => time >= since);
  const there = fresh.filter(({ product, readState }) => product !== 'none' && readState !== 'absent');
  const orphans = there.filter(({ orphan }) => orphan === true);
  const kinds = Map.groupBy(
    there.filter(({ orphan }) => orphan !== true),
    kindOf,
  );
  const of = (kind: Kind) => kinds.get(kind) ?? [];
  return {
    active: of('active'),
    onDemand: of('onDemand'),
    starting: of('starting'),
    uncertain: of('uncertain'),
    off: of('off'),
    orphans,
    isRead: fresh.length > 0,
  };
}

type Kind = 'active' | 'onDemand' | 'starting' | 'uncertain' | 'off';

function kindOf({ readState, running, realtime, realtimeProven, mode = '' }: ProductState): Kind {
  if (mode === 'starting') return 'starting';
  if (running === false || notRunning.has(mode)) return 'off';
  if (mode === 'on_demand') return readState === 'ok' ? 'onDemand' : 'uncertain';
  // The operating system is believed before the product; what is bad is believed even when not all could be read.
  if (realtime === false || realtimeProven === false || mode === 'passive') return 'off';
  return readState === 'ok' && realtime === true ? 'active' : 'uncertain';
}

export function hasSignatures({ product }: ProductState): boolean {
  return !withoutSignatures.has(product);
}

export function worksBesideOthers({ product }: ProductState): boolean {
  return besideOthers.has(product);
}

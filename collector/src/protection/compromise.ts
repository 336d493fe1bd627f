/** Hints of a break-in: protection stops, and something else changes on the same machine within minutes. Pure. */
import type { Evidence, ProductState } from './evidence.ts';

export type SignalKind = 'protection-stopped' | 'new-local-admin' | 'firewall-off' | 'detection' | 'agent-restart';

/** Something that changed on a machine. */
export interface Signal {
  readonly kind: SignalKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly product?: string | undefined;
  readonly stopped?: 'running' | 'realtime' | undefined;
}

/** Services start one after the other: what is not up yet was not stopped. */
const bootMs = 600_000;

/** What changed for the worse between two states of knowledge. What was not known before has not changed. */
export function signalsBetween(before: Evidence, after: Evidence, bootedAt: number | undefined): Signal[] {
  if (before === after) return [];
  const signals = after.products.flatMap((product) => stopOf(product, { before, bootedAt }) ?? []);
  const [old, fresh] = [before.posture, after.posture];
  if (old && fresh && old !== fresh) {
    if (old.firewall === true && fresh.firewall === false) signals.push({ kind: 'firewall-off', at: fresh.time });
    const hasMore = (fresh.localAdmins ?? 0) > (old.localAdmins ?? Number.POSITIVE_INFINITY);
    if (hasMore) signals.push({ kind: 'new-local-admin', at: fresh.time });
  }
  return signals;
}

function stopOf(
  state: ProductState,
  { before, bootedAt }: { before: Evidence; bootedAt: number | undefined },
): Signal | undefined {
  const old = before.products.find(({ product }) => product === state.product);
  if (!old || old.time === state.time || state.mode === 'starting') return undefined;
  if (bootedAt !== undefined && state.time >= bootedAt && state.time - bootedAt < bootMs) return undefined;
  const isGone = state.readState === 'absent' && old.readState !== 'absent' && old.running === true;
  const hasStopped = isGone || (old.running === true && state.running === false);
  const isOff = old.realtime === true && state.realtime === false;
  if (!hasStopped && !isOff) return undefined;
  const { product, time } = state;
  return { kind: 'protection-stopped', at: time, product, stopped: hasStopped ? 'running' : 'realtime' };
}

/** A stop, and what happened around it. */
export interface Hint {
  readonly stop: Signal;
  readonly others: readonly Signal[];
}

/** The hint that a new signal gives together with those before, or undefined. */
export function hintOf(fresh: Signal, before: readonly Signal[], withinMs: number): Hint | undefined {
  const near = before.filter(({ at }) => Math.abs(at - fresh.at) <= withinMs);
  if (fresh.kind === 'protection-stopped') {
    const others = near.filter(({ kind }) => kind !== 'protection-stopped');
    return others.length > 0 ? { stop: fresh, others } : undefined;
  }
  const stop = near.findLast(({ kind }) => kind === 'protection-stopped');
  return stop && { stop, others: [...near.filter(({ kind }) => kind !== 'protection-stopped'), fresh] };
}

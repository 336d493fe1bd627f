/** Which protection products are here and in which state. Sources: the readers of each product. */
import { catalogue, type Point, point } from '@vonggac/shared';
import { cleanText } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import type { AntivirusReader, ProductStatus } from './product-status.ts';

/** What has not changed is said again after this long; a little less, since ticks come a little early or late. */
const repeatMs = 600_000 - 30_000;
/** A product's own program on an old machine takes its time; several may be asked in one run, one after the other. */
const timeoutMs = 150_000;

/** Sends a product's point when something about it changed, and every ten minutes. */
export function antivirusProbe(readers: readonly AntivirusReader[]): Probe {
  let sent = new Map<string, Sent>();
  return {
    name: 'antivirus',
    cadence: catalogue.antivirus.cadence,
    shortestGapMs: 30_000,
    atStart: true,
    timeoutMs,
    async collect(context, signal) {
      const found: ProductStatus[] = [];
      const broken: string[] = [];
      for (const reader of readers) {
        try {
          if (reader.isPresent()) found.push(...(await reader.read(context, signal)));
        } catch (error) {
          signal.throwIfAborted();
          const problem = messageOf(error);
          broken.push(`${reader.name}: ${problem}`);
          found.push({ product: reader.name, readState: 'error', problem });
        }
      }
      const now = pointsOf(found, { before: sent.keys(), time: context.time });
      const points = now.filter((one) => isWorthSending(one, sent.get(one.tags.product ?? '')));
      sent = new Map([...sent, ...points.map((one) => [one.tags.product ?? '', sentAs(one)] as const)]);
      return { status: 'measured', points, ...(broken.length > 0 && { incomplete: broken.join('; ') }) };
    },
  };
}

interface Sent {
  readonly time: number;
  readonly fields: string;
}

function sentAs(point: Point): Sent {
  return { time: point.time, fields: JSON.stringify(point.fields) };
}

function isWorthSending(point: Point, last: Sent | undefined): boolean {
  const isGone = point.fields.read_state === 'absent' && point.tags.product !== 'none';
  if (last === undefined) return !isGone;
  const hasChanged = last.fields !== JSON.stringify(point.fields);
  // A clock that was set back makes the next point due, not silent for as long.
  return hasChanged || (!isGone && Math.abs(point.time - last.time) >= repeatMs);
}

/** One point a product: the first reader that names it is the one that knows it best. Those of `before` that are gone say so. */
function pointsOf(found: readonly ProductStatus[], run: { before: Iterable<string>; time: number }): Point[] {
  const byProduct = new Map<string, ProductStatus>();
  for (const status of found) {
    if (status.readState !== 'absent' && !byProduct.has(status.product)) byProduct.set(status.product, status);
  }
  const isAny = byProduct.size > 0;
  for (const product of isAny ? run.before : ['none', ...run.before]) {
    if (!byProduct.has(product)) byProduct.set(product, { product, readState: 'absent' });
  }
  // Something is here, so that "none" is no longer so and needs no farewell.
  if (isAny) byProduct.delete('none');
  return [...byProduct.values()].map((status) => pointOf(status, run.time));
}

function pointOf(status: ProductStatus, time: number): Point {
  return point('antivirus', {
    time,
    tags: { product: cleanText(status.product) },
    fields: {
      read_state: status.readState,
      name: text(status.name),
      version: text(status.version),
      running: status.running,
      realtime: status.realtime,
      realtime_proven: status.realtimeProven,
      mode: status.mode,
      engine_version: text(status.engineVersion),
      signature_version: text(status.signatureVersion),
      signature_time_seconds: seconds(status.signatureTime),
      update_attempt_seconds: seconds(status.updateAttempt),
      update_succeeded: status.updateSucceeded,
      out_of_date: status.outOfDate,
      quick_scan_seconds: seconds(status.quickScan),
      full_scan_seconds: seconds(status.fullScan),
      never_scanned: status.neverScanned,
      licence_status: status.licenceStatus,
      licence_expires_seconds: seconds(status.licenceExpires),
      tamper_protected: status.tamperProtected,
      managed: status.managed,
      management_server: text(status.managementServer),
      pending_action: status.pendingAction,
      active_threats: status.activeThreats,
      source: text(status.source),
      problem: text(status.problem),
      orphan: status.orphan,
    },
  });
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : cleanText(value) || undefined;
}

/** 1970 and before is what products write for "never". */
function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds !== undefined && milliseconds > 0 ? milliseconds / 1_000 : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

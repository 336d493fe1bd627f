/** What a machine has said of its protection last: read from points, kept over restarts, judged by the rules. */
import type { Point } from '@vonggac/shared';
import { cleanText } from '../registry/audit-entry.ts';

/** More products than this on one machine are made up. */
const maxProducts = 16;

/** One protection product. Undefined is not known, which is never false. Times are milliseconds since 1970. */
export interface ProductState {
  readonly product: string;
  /** When it was read. */
  readonly time: number;
  readonly readState: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly running?: boolean | undefined;
  readonly realtime?: boolean | undefined;
  readonly realtimeProven?: boolean | undefined;
  readonly mode?: string | undefined;
  readonly signatureVersion?: string | undefined;
  readonly signatureTime?: number | undefined;
  readonly updateSucceeded?: boolean | undefined;
  readonly outOfDate?: boolean | undefined;
  readonly quickScan?: number | undefined;
  readonly fullScan?: number | undefined;
  readonly neverScanned?: boolean | undefined;
  readonly licenceStatus?: string | undefined;
  readonly licenceExpires?: number | undefined;
  readonly tamperProtected?: boolean | undefined;
  readonly managed?: boolean | undefined;
  readonly managementServer?: string | undefined;
  readonly pendingAction?: string | undefined;
  readonly activeThreats?: number | undefined;
  readonly problem?: string | undefined;
  readonly orphan?: boolean | undefined;
}

export interface PostureState {
  readonly time: number;
  readonly firewall?: boolean | undefined;
  /** Windows profiles that are switched off. */
  readonly profilesOff: readonly string[];
  readonly securityUpdates?: number | undefined;
  readonly oldestUpdate?: number | undefined;
  readonly autoUpdates?: boolean | undefined;
  readonly rebootPending?: boolean | undefined;
  readonly rebootPendingSince?: number | undefined;
  readonly diskEncryption?: string | undefined;
  readonly localAdmins?: number | undefined;
  readonly supportEnds?: number | undefined;
  readonly unsupported?: boolean | undefined;
}

export interface Evidence {
  readonly products: readonly ProductState[];
  readonly posture?: PostureState | undefined;
  readonly system?: { readonly time: number; readonly name: string } | undefined;
}

export const noEvidence: Evidence = { products: [] };

/** The evidence with what the points add; the same when they are older than what is known or about something else. */
export function withPoints(evidence: Evidence, points: readonly Point[]): Evidence {
  return points.reduce(withPoint, evidence);
}

function withPoint(evidence: Evidence, point: Point): Evidence {
  switch (point.measurement) {
    case 'antivirus': {
      const products = withProduct(evidence.products, readProduct(point));
      return products === evidence.products ? evidence : { ...evidence, products };
    }
    case 'posture':
      return point.time <= (evidence.posture?.time ?? 0) ? evidence : { ...evidence, posture: readPosture(point) };
    case 'inventory': {
      const name = text(point.fields.os_name);
      if (name === undefined || point.time <= (evidence.system?.time ?? 0)) return evidence;
      const version = text(point.fields.os_version);
      const full = version === undefined ? name : `${name} ${version}`;
      return { ...evidence, system: { time: point.time, name: full } };
    }
    default:
      return evidence;
  }
}

function withProduct(known: readonly ProductState[], fresh: ProductState): readonly ProductState[] {
  const before = known.find(({ product }) => product === fresh.product);
  if (before && before.time >= fresh.time) return known;
  const others = known.filter(({ product }) => product !== fresh.product);
  return [...others, fresh].sort((a, b) => b.time - a.time || (a.product < b.product ? -1 : 1)).slice(0, maxProducts);
}

function readProduct({ tags, fields, time }: Point): ProductState {
  return {
    product: cleanText(tags.product ?? ''),
    time,
    readState: text(fields.read_state) ?? 'error',
    name: text(fields.name),
    version: text(fields.version),
    running: flag(fields.running),
    realtime: flag(fields.realtime),
    realtimeProven: flag(fields.realtime_proven),
    mode: text(fields.mode),
    signatureVersion: text(fields.signature_version),
    signatureTime: instant(fields.signature_time_seconds),
    updateSucceeded: flag(fields.update_succeeded),
    outOfDate: flag(fields.out_of_date),
    quickScan: instant(fields.quick_scan_seconds),
    fullScan: instant(fields.full_scan_seconds),
    neverScanned: flag(fields.never_scanned),
    licenceStatus: text(fields.licence_status),
    licenceExpires: instant(fields.licence_expires_seconds),
    tamperProtected: flag(fields.tamper_protected),
    managed: flag(fields.managed),
    managementServer: text(fields.management_server),
    pendingAction: text(fields.pending_action),
    activeThreats: number(fields.active_threats),
    problem: text(fields.problem),
    orphan: flag(fields.orphan),
  };
}

function readPosture({ fields, time }: Point): PostureState {
  const profiles = ['domain', 'private', 'public'] as const;
  return {
    time,
    firewall: flag(fields.firewall),
    profilesOff: profiles.filter((profile) => fields[`firewall_${profile}`] === false),
    securityUpdates: number(fields.security_updates),
    oldestUpdate: instant(fields.oldest_update_seconds),
    autoUpdates: flag(fields.auto_updates),
    rebootPending: flag(fields.reboot_pending),
    rebootPendingSince: instant(fields.reboot_pending_seconds),
    diskEncryption: text(fields.disk_encryption),
    localAdmins: number(fields.local_admins),
    supportEnds: instant(fields.os_support_ends_seconds),
    unsupported: flag(fields.os_unsupported),
  };
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? cleanText(value) : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Before 1990 there is nothing to tell: products write 0, 1601 or a day later for "never". */
const earliest = Date.UTC(1990, 0);

function instant(seconds: unknown): number | undefined {
  return typeof seconds === 'number' && seconds * 1_000 > earliest ? seconds * 1_000 : undefined;
}

/** When its protection was read last. */
export function proofTime({ products }: Evidence): number | undefined {
  return products.length > 0 ? Math.max(...products.map(({ time }) => time)) : undefined;
}

/** The newest signatures on the machine, by the products' own dates. */
export function signatureTimeOf({ products }: Evidence): number | undefined {
  const known = products.flatMap(({ readState, signatureTime }) =>
    readState === 'absent' ? [] : (signatureTime ?? []),
  );
  return known.length > 0 ? Math.max(...known) : undefined;
}

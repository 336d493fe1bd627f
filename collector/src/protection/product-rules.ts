/** The rules AV-01 to AV-16: what a machine's protection products say, at one moment. */
import type { AgentClass } from '@vonggac/shared';
import type { Evidence, ProductState } from './evidence.ts';
import { type Guards, hasSignatures, sortProducts, worksBesideOthers } from './guards.ts';
import { listed } from './listed.ts';
import { dayMs, facts, hourMs, iso, minuteMs, type Outcome } from './rules.ts';
import { type ProtectionSettings, signatureLimits } from './settings.ts';

/** A date further ahead than this is a mistake of whoever wrote it. */
const aheadMs = dayMs;
/** A machine younger than this need not have been scanned. */
const newMachineMs = 7 * dayMs;
/** Updates are tried several times a day: a failed one counts when none has succeeded for this long. */
const failingUpdateMs = dayMs;
const maxNames = 5;

/** What was found on the machine, in the times that the thresholds set. */
export interface Threats {
  /** Names of those not dealt with, and of all in `threat_hours`. */
  readonly unresolved: readonly string[];
  readonly recent: readonly string[];
}

/** All that is known of a machine at one moment. */
export interface MachineView {
  readonly class: AgentClass;
  readonly enrolledAt: number;
  readonly evidence: Evidence;
  readonly threats: Threats;
  /** The moment that ages are counted to: now, or when a machine that is off was heard last. */
  readonly asOf: number;
  /** Readings of products from before are out of date. */
  readonly freshSince: number;
  readonly skewMs: number | undefined;
}

export interface ProductJudgement {
  readonly outcomes: readonly Outcome[];
  /** Something is known to protect it; without that a machine is never called protected. */
  readonly isGuarded: boolean;
  /** Of the freshest signatures of what protects it. */
  readonly signatureAgeMs: number | undefined;
}

export function judgeProducts(machine: MachineView, settings: ProtectionSettings): ProductJudgement {
  const guards = sortProducts(machine.evidence, machine.freshSince);
  const isServer = machine.class !== 'pc';
  const onDemand = isServer ? guards.onDemand : [];
  const relevant = guards.active.length > 0 ? guards.active : [...onDemand, ...guards.uncertain];
  const agesKnown = Math.abs(machine.skewMs ?? 0) <= settings.clock_skew_hours * hourMs;
  const ages = agesKnown ? relevant.flatMap((each) => ageOf(each.signatureTime, machine.asOf) ?? []) : [];
  const signatureAgeMs = ages.length > 0 ? Math.min(...ages) : undefined;
  const context: Context = { machine, settings, guards, relevant, agesKnown, signatureAgeMs };
  return {
    outcomes: [
      ...presence(context),
      ...signatures(context),
      ...updates(context),
      ...relevant.flatMap((product) => scans(product, context)),
      ...relevant.flatMap((product) => licence(product, context)),
      ...threats(context),
      ...relevant.flatMap((product) => upkeep(product, context)),
      ...together(context),
    ],
    isGuarded: guards.active.length + onDemand.length > 0,
    signatureAgeMs,
  };
}

interface Context {
  readonly machine: MachineView;
  readonly settings: ProtectionSettings;
  readonly guards: Guards;
  /** Those whose state decides: what protects; else what may, and on a server what scans on demand. */
  readonly relevant: readonly ProductState[];
  readonly agesKnown: boolean;
  readonly signatureAgeMs: number | undefined;
}

function unknown(reason: string, values: Parameters<typeof facts>[0] = {}): Outcome {
  return { rule: 'AV-16', level: 'unknown', evidence: facts({ reason, ...values }) };
}

/** AV-01, AV-02, AV-03, AV-16. A product that is off is fine while another one protects. */
function presence({ machine, settings, guards, relevant }: Context): Outcome[] {
  const { thresholds } = settings;
  if (!guards.isRead) return [unknown(machine.evidence.products.length === 0 ? 'no-reading' : 'no-fresh-reading')];
  if (guards.active.length > 0) return [];
  const { uncertain, starting, onDemand, off } = guards;
  if (uncertain.length > 0) {
    const states = [...new Set(uncertain.map(({ readState }) => readState))];
    const problem = uncertain.find((each) => each.problem !== undefined)?.problem;
    return [unknown('state-unknown', { products: namesOf(uncertain), read_state: states.join(', '), problem })];
  }
  const late = starting.map(({ product }): Outcome => {
    const afterMs = thresholds.starting_minutes * minuteMs;
    return { rule: 'AV-02', level: 'critical', product, afterMs, evidence: { mode: 'starting' } };
  });
  // A passive one does what it should, unless there is nobody that it could leave the work to.
  const busy = off.filter(({ mode }) => mode !== 'passive');
  const isAlone = busy.length + onDemand.length + starting.length === 0;
  const stopped = (isAlone ? off : busy).map((each) => stoppedOutcome(each, settings));
  const demanded = onDemand.map(({ product }): Outcome => {
    if (relevant.some((each) => each.product === product))
      return { rule: 'AV-01', level: 'warning', product, evidence: { mode: 'on_demand' } };
    const afterMs = thresholds.realtime_off_minutes * minuteMs;
    return { rule: 'AV-03', level: 'critical', product, afterMs, evidence: { mode: 'on_demand' } };
  });
  const found = [...late, ...stopped, ...demanded];
  return found.length > 0 ? found : [{ rule: 'AV-01', level: 'critical', evidence: {} }];
}

function stoppedOutcome(state: ProductState, { thresholds }: ProtectionSettings): Outcome {
  const { product, running, realtime, realtimeProven, mode } = state;
  const isStopped = running === false || mode === 'not_running';
  const minutes = isStopped ? thresholds.stopped_minutes : thresholds.realtime_off_minutes;
  return {
    rule: isStopped ? 'AV-02' : 'AV-03',
    level: 'critical',
    product,
    afterMs: minutes * minuteMs,
    evidence: facts({ running, realtime, realtime_proven: realtimeProven, mode }),
  };
}

/** AV-04, AV-16. */
function signatures({ machine, settings, relevant, agesKnown, signatureAgeMs }: Context): Outcome[] {
  if (relevant.length === 0 || relevant.some((each) => !hasSignatures(each))) return [];
  if (!agesKnown) {
    return [unknown('clock', { skew_hours: Math.round((machine.skewMs ?? 0) / hourMs) })];
  }
  if (signatureAgeMs === undefined) return [unknown('signature-age-unknown', { products: namesOf(relevant) })];
  const limits = signatureLimits(settings);
  const level = exceeds(signatureAgeMs, limits);
  if (!level) return [];
  const newest = relevant.find((each) => ageOf(each.signatureTime, machine.asOf) === signatureAgeMs);
  const evidence = facts({
    signature_at: iso(newest?.signatureTime),
    age_hours: Math.round(signatureAgeMs / hourMs),
    limit_days: limits[level],
  });
  return [{ rule: 'AV-04', level, product: newest?.product, evidence }];
}

/** AV-05. */
function updates({ settings, relevant, signatureAgeMs }: Context): Outcome[] {
  return relevant.flatMap(({ product, outOfDate, updateSucceeded }): Outcome[] => {
    const isFailing = updateSucceeded === false && (signatureAgeMs ?? Number.POSITIVE_INFINITY) > failingUpdateMs;
    if (outOfDate !== true && !isFailing) return [];
    const isOld = (signatureAgeMs ?? 0) > signatureLimits(settings).critical * dayMs;
    const evidence = { reason: outOfDate === true ? 'out-of-date' : 'update-failed' };
    return [{ rule: 'AV-05', level: isOld ? 'critical' : 'warning', product, evidence }];
  });
}

/** AV-06. */
function scans(state: ProductState, { machine, settings, agesKnown }: Context): Outcome[] {
  if (!agesKnown || !hasSignatures(state)) return [];
  const { thresholds } = settings;
  const { product, quickScan, fullScan, neverScanned } = state;
  const [quick, full] = [quickScan, fullScan].map((time) => ageOf(time, machine.asOf) ?? 0);
  const isNever = neverScanned === true && fullScan === undefined && machine.asOf - machine.enrolledAt > newMachineMs;
  const isCritical = (full ?? 0) > thresholds.full_scan_critical_days * dayMs;
  const isLate =
    (quick ?? 0) > thresholds.quick_scan_days * dayMs || (full ?? 0) > thresholds.full_scan_days * dayMs || isNever;
  if (!isLate && !isCritical) return [];
  const evidence = facts({
    reason: isNever ? 'never' : undefined,
    last_quick_scan: iso(quickScan),
    last_full_scan: iso(fullScan),
  });
  return [{ rule: 'AV-06', level: isCritical ? 'critical' : 'warning', product, evidence }];
}

/** AV-07. */
function licence({ product, licenceStatus, licenceExpires }: ProductState, context: Context): Outcome[] {
  const { machine, settings, agesKnown } = context;
  const left = agesKnown && licenceExpires !== undefined ? licenceExpires - machine.asOf : undefined;
  const isOver = licenceStatus === 'expired' || licenceStatus === 'none' || (left ?? 1) <= 0;
  const isEnding =
    licenceStatus === 'expiring' || (left !== undefined && left <= settings.thresholds.licence_days * dayMs);
  if (!isOver && !isEnding) return [];
  const evidence = facts({ reason: licenceStatus, expires_at: iso(licenceExpires) });
  return [{ rule: 'AV-07', level: isOver ? 'critical' : 'warning', product, evidence }];
}

/** AV-08. */
function threats({ machine, settings, guards }: Context): Outcome[] {
  const { unresolved, recent } = machine.threats;
  const { active, onDemand, off, uncertain } = guards;
  const counts = [...active, ...onDemand, ...off, ...uncertain].map(({ activeThreats = 0 }) => activeThreats);
  const activeThreats = Math.max(0, ...counts);
  const isCritical = unresolved.length > 0 || activeThreats > 0 || recent.length >= settings.thresholds.many_threats;
  if (!isCritical && recent.length === 0) return [];
  const evidence = facts({
    threats: recent.length,
    unresolved: unresolved.length,
    active_threats: activeThreats > 0 ? activeThreats : undefined,
    names: listed([...new Set([...unresolved, ...recent])], maxNames),
  });
  return [{ rule: 'AV-08', level: isCritical ? 'critical' : 'warning', evidence }];
}

/** AV-09, AV-11, AV-12. */
function upkeep({ product, tamperProtected, pendingAction }: ProductState, { settings }: Context): Outcome[] {
  const outcomes: Outcome[] = [];
  if (tamperProtected === false) outcomes.push({ rule: 'AV-09', level: 'warning', product, evidence: {} });
  if (pendingAction === 'platform_update') {
    outcomes.push({ rule: 'AV-12', level: 'warning', product, evidence: { action: pendingAction } });
  } else if (pendingAction !== undefined) {
    const afterMs = settings.thresholds.pending_days * dayMs;
    outcomes.push({ rule: 'AV-11', level: 'critical', product, afterMs, evidence: { action: pendingAction } });
  }
  return outcomes;
}

/** AV-10, AV-13, AV-15. */
function together({ settings, guards, relevant }: Context): Outcome[] {
  const outcomes: Outcome[] = [];
  const rivals = guards.active.filter((each) => !worksBesideOthers(each));
  if (rivals.length > 1) {
    outcomes.push({ rule: 'AV-10', level: 'warning', evidence: facts({ products: namesOf(rivals) }) });
  }
  const isUnmanaged = relevant.some(({ managed }) => managed === false) && !relevant.some(({ managed }) => managed);
  if (settings.require_management && isUnmanaged) {
    outcomes.push({ rule: 'AV-13', level: 'warning', evidence: facts({ products: namesOf(relevant) }) });
  }
  for (const { product, name, realtime } of guards.orphans) {
    // It claims to protect, and nothing else does.
    const level = realtime === true && guards.active.length === 0 ? 'critical' : 'warning';
    outcomes.push({ rule: 'AV-15', level, product, evidence: facts({ name, realtime }) });
  }
  return outcomes;
}

/** How old it is; undefined when that is not known or the date is still to come. */
export function ageOf(time: number | undefined, asOf: number): number | undefined {
  if (time === undefined || time > asOf + aheadMs) return undefined;
  return Math.max(0, asOf - time);
}

/** By limits in days. */
export function exceeds(
  ageMs: number,
  { warning, critical }: { warning: number; critical: number },
): 'warning' | 'critical' | undefined {
  if (ageMs > critical * dayMs) return 'critical';
  return ageMs > warning * dayMs ? 'warning' : undefined;
}

function namesOf(products: readonly ProductState[]): string {
  return listed(
    products.map(({ product }) => product),
    maxNames,
  );
}

/** Keeps the judgement of every machine current: at once when it says something new, and each minute. */
import { type Point, point } from '@vonggac/shared';
import type { LiveAgent, LiveState } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { StoreBatch } from '../stores/store.ts';
import { judge, levels } from './compliance.ts';
import { type Evidence, noEvidence, proofTime, withPoints } from './evidence.ts';
import type { ThreatOnMachine } from './malware-store.ts';
import type { Threats } from './product-rules.ts';
import type { MachineState, ProtectionFile } from './protection-file.ts';
import { dayMs, hourMs, minuteMs } from './rules.ts';
import type { ProtectionSettings } from './settings.ts';
import { noStanding } from './standing.ts';

const judgeEveryMs = 60_000;
const reportEveryMs = 300_000;
/** Looks at a machine that are closer than this are one reading. */
const sampleMs = 50_000;
const maxListed = 200;
/** Machines judged in one tick, so that nothing else waits for them: with ticks of 5 s, enough for each minute. */
const leastPerTick = 200;
const partPerTick = 1 / 10;

/** A machine that is expected to be protected, and how it stands. */
export interface MachineProtection extends MachineState {
  readonly record: AgentRecord;
}

interface Options {
  readonly settings: ProtectionSettings;
  readonly live: Pick<LiveState, 'all' | 'get'>;
  readonly file: Pick<ProtectionFile, 'all' | 'save' | 'forget'>;
  /** Threats found on a machine since. */
  readonly threatsOf: (agent: string, since: number) => readonly ThreatOnMachine[];
  readonly emit: (batches: readonly StoreBatch[]) => void;
}

interface Entry {
  state: MachineState;
  sampledAt: number;
  reportedAt: number;
}

export class MachineWatch {
  readonly #options: Options;
  readonly #entries: Map<string, Entry>;
  readonly #unsaved = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
    const never = { sampledAt: Number.NEGATIVE_INFINITY, reportedAt: Number.NEGATIVE_INFINITY };
    this.#entries = new Map([...options.file.all()].map(([agent, state]) => [agent, { state, ...never }]));
  }

  /** Takes what a machine has said; gives back what was known before and is known now. */
  take(agent: string, points: readonly Point[], now: number): { before: Evidence; after: Evidence } {
    const before = this.#entries.get(agent)?.state.evidence ?? noEvidence;
    const after = withPoints(before, points);
    if (after !== before) this.look(agent, { now, evidence: after });
    return { before, after };
  }

  /** Judges a machine anew, now. */
  look(agent: string, { now, evidence }: { now: number; evidence?: Evidence }): void {
    const live = this.#options.live.get(agent);
    if (live && live.state !== 'retired') this.#judge(live, { now, evidence });
  }

  /** Call it every few seconds. */
  tick(now: number): void {
    const batches: StoreBatch[] = [];
    const all = this.#options.live.all();
    let left = Math.max(leastPerTick, Math.ceil(all.length * partPerTick));
    for (const live of all) {
      if (live.state === 'retired') continue;
      const entry = this.#entries.get(live.record.id);
      const isDue = !entry || Math.abs(now - entry.state.judgedAt) >= judgeEveryMs || this.#isWaking(live, entry);
      if (isDue && left > 0) {
        this.#judge(live, { now });
        left -= 1;
      }
      const current = this.#entries.get(live.record.id);
      if (current && now - current.reportedAt >= reportEveryMs) {
        current.reportedAt = now;
        batches.push(batchOf({ ...current.state, record: live.record }, now));
      }
    }
    if (batches.length > 0) this.#options.emit(batches);
  }

  /** Writes down what has changed; call it once in a while and at the end. */
  save(): void {
    const changed = [...this.#unsaved].flatMap((agent): [string, MachineState][] => {
      const entry = this.#entries.get(agent);
      return entry ? [[agent, entry.state]] : [];
    });
    this.#options.file.save(new Map(changed));
    this.#unsaved.clear();
  }

  /** Forgets machines that are retired or gone. */
  tidy(): void {
    const gone = [...this.#entries.keys()].filter((agent) => {
      const live = this.#options.live.get(agent);
      return !live || live.state === 'retired';
    });
    for (const agent of gone) this.#entries.delete(agent);
    this.#options.file.forget(gone);
  }

  /** All machines that are expected, in the order of their ids. */
  all(): MachineProtection[] {
    return this.#options.live.all().flatMap(({ record, state }) => {
      const entry = state === 'retired' ? undefined : this.#entries.get(record.id);
      return entry ? [{ ...entry.state, record }] : [];
    });
  }

  get(agent: string): MachineProtection | undefined {
    const live = this.#options.live.get(agent);
    const entry = live && live.state !== 'retired' ? this.#entries.get(agent) : undefined;
    return live && entry && { ...entry.state, record: live.record };
  }

  /** A restart of the collector leaves machines judged as they were; the first look takes them up from there. */
  #isWaking(live: LiveAgent, entry: Entry): boolean {
    return live.state === 'online' && entry.sampledAt === Number.NEGATIVE_INFINITY;
  }

  #judge(live: LiveAgent, { now, evidence }: { now: number; evidence?: Evidence | undefined }): void {
    const { settings, emit } = this.#options;
    const { record } = live;
    const entry = this.#entries.get(record.id);
    const before = entry?.state;
    const known = evidence ?? before?.evidence ?? noEvidence;
    const isOnline = live.state === 'online';
    const isSample = isOnline && Math.abs(now - (entry?.sampledAt ?? Number.NEGATIVE_INFINITY)) >= sampleMs;
    const skewMs = live.clockOffsetMs ?? before?.skewMs;
    const { level, findings, standing, signatureAgeMs } = judge(
      {
        class: record.class,
        enrolledAt: record.enrolledAt,
        evidence: known,
        threats: this.#threats(record.id, now),
        asOf: isOnline ? now : Math.min(now, proofTime(known) ?? now),
        freshSince: freshSince(live, { settings, evidence: known, now }),
        skewMs,
      },
      { settings, now, before: before?.standing ?? noStanding, isSample },
    );
    const isChange = before?.level !== level;
    const levelSince = before && !isChange ? before.levelSince : now;
    const state = { level, levelSince, evidence: known, findings, standing, skewMs, signatureAgeMs, judgedAt: now };
    const isTold = isChange || textOf(before) !== textOf(state);
    if (isTold || evidence) this.#unsaved.add(record.id);
    const never = Number.NEGATIVE_INFINITY;
    this.#entries.set(record.id, {
      state,
      sampledAt: isSample ? now : (entry?.sampledAt ?? never),
      reportedAt: isTold ? now : (entry?.reportedAt ?? never),
    });
    if (isTold) emit([batchOf({ ...state, record }, now)]);
  }

  #threats(agent: string, now: number): Threats {
    const { threat_hours, unresolved_days } = this.#options.settings.thresholds;
    const recentSince = now - threat_hours * hourMs;
    const unresolvedSince = now - unresolved_days * dayMs;
    const found = this.#options.threatsOf(agent, Math.min(recentSince, unresolvedSince));
    return {
      unresolved: found
        .filter((each) => each.isUnresolved && each.lastAt >= unresolvedSince)
        .map(({ threat }) => threat),
      recent: found.filter(({ lastAt }) => lastAt >= recentSince).map(({ threat }) => threat),
    };
  }
}

/**
 * From when a reading still counts. Agents repeat all of theirs together, so what is much older than the newest is of a
 * product that went while nobody looked. Of a machine that is off, the last word holds for a while.
 */
function freshSince(
  { state, since }: LiveAgent,
  { settings, evidence, now }: { settings: ProtectionSettings; evidence: Evidence; now: number },
): number {
  const silentMs = settings.silent_minutes * minuteMs;
  const isSettled = state === 'online' && now - since >= silentMs;
  const newest = proofTime(evidence);
  const isStale = newest === undefined || newest < now - (isSettled ? silentMs : settings.proof_hours * hourMs);
  return isStale ? Number.POSITIVE_INFINITY : newest - silentMs;
}

/** What is told of it: by this, a change is known. */
function textOf(state: Pick<MachineState, 'level' | 'findings'> | undefined): string {
  return state
    ? `${state.level} ${state.findings.map(({ rule, level, product }) => [rule, level, product]).join(' ')}`
    : '';
}

function batchOf({ record, level, findings, signatureAgeMs, evidence }: MachineProtection, time: number): StoreBatch {
  const proof = proofTime(evidence);
  const rules = [...new Set(findings.map(({ rule }) => rule))].join(' ');
  const fields = {
    state: levels[level],
    findings: rules.slice(0, maxListed),
    critical_findings: findings.filter((each) => each.level === 'critical').length,
    warnings: findings.filter((each) => each.level === 'warning').length,
    signature_age_hours: signatureAgeMs === undefined ? undefined : signatureAgeMs / hourMs,
    proof_time_seconds: proof === undefined ? undefined : proof / 1_000,
  };
  const { id, hostname, unit } = record;
  return {
    origin: { agent: id, host: hostname, unit, class: record.class },
    points: [point('antivirus_state', { time, tags: {}, fields })],
  };
}

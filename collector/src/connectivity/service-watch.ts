/** Watches the shared services: judges each from its vantage points, tells of changes and opens and closes incidents. */
import { type Point, point } from '@vonggac/shared';
import type { Evidence } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { judgeService, type ServiceJudgement, serviceStates, type Vantage } from './service-judgement.ts';
import type { ConnectivitySection, ServiceSettings } from './settings.ts';
import { settledTurn, type TargetResults } from './target-results.ts';
import type { VantagePoints } from './vantage-points.ts';

const reportEveryMs = 60_000;
/** How often a machine's own targets are checked, when nothing else is known of them. */
const wanEvery = 15;
const maxNamedUnits = 10;

interface Options {
  readonly settings: Pick<ConnectivitySection, 'services' | 'service_checks'>;
  readonly results: TargetResults;
  readonly vantagePoints: Pick<VantagePoints, 'of'>;
  readonly isOnline: (agent: string) => boolean;
  /** Whether every line of the unit is known to be dead. */
  readonly isCutOff: (unit: string) => boolean;
  readonly incidents: Pick<Incidents, 'report' | 'resolve'>;
  readonly emit: (points: readonly Point[]) => void;
}

interface Watched {
  readonly settings: ServiceSettings;
  judgement: ServiceJudgement | undefined;
  since: number | undefined;
  reportedAt: number;
  /** Whether a unit was last told to be cut off. */
  readonly told: Map<string, boolean>;
}

export interface ServiceStatus {
  readonly settings: ServiceSettings;
  /** Undefined before the first. */
  readonly judgement: ServiceJudgement | undefined;
  readonly since: number | undefined;
}

export class ServiceWatch {
  readonly #options: Options;
  readonly #watched: readonly Watched[];

  constructor(options: Options) {
    this.#options = options;
    this.#watched = options.settings.services.map((settings) => ({
      settings,
      judgement: undefined,
      since: undefined,
      reportedAt: Number.NEGATIVE_INFINITY,
      told: new Map(),
    }));
  }

  /** Call it every few seconds. */
  tick(now: number): void {
    for (const watched of this.#watched) this.#judge(watched, now);
  }

  /** In the order of the configuration. */
  all(): ServiceStatus[] {
    return this.#watched.map(({ settings, judgement, since }) => ({ settings, judgement, since }));
  }

  #judge(watched: Watched, now: number): void {
    const { settings, judgement: before } = watched;
    const judgement = judgeService(this.#vantages(settings, now));
    watched.judgement = judgement;
    const isChange = before?.state !== judgement.state;
    if (isChange) watched.since = now;
    const wasReached = before?.state === 'up' || before?.state === 'partial';
    if (isChange && !(wasReached && judgement.state !== 'down')) this.#tellState(settings, { judgement, now });
    this.#tellUnits(watched, { judgement, now });
    if (!isChange && now - watched.reportedAt < reportEveryMs) return;
    watched.reportedAt = now;
    const { state, vantagePoints, failingPoints, rttMs, error } = judgement;
    const fields = {
      state: serviceStates[state],
      vantage_points: vantagePoints,
      failing_points: failingPoints,
      rtt_ms: rttMs,
      error,
    };
    this.#options.emit([point('service', { time: now, tags: { service: settings.id }, fields })]);
  }

  /** What the vantage points say whose own way out works; a dead line of a unit is no fault of the service. */
  #vantages({ id, every }: ServiceSettings, now: number): Vantage[] {
    const { results, vantagePoints, isOnline, isCutOff, settings } = this.#options;
    const pace = { every, checks: settings.service_checks, now };
    return vantagePoints.of(id).flatMap(({ agent, unit }) => {
      const result = isOnline(agent) ? results.current(agent, id, pace) : undefined;
      if (!result) return [];
      const up = settledTurn(result, pace)?.up;
      if (up === undefined || (!up && (isCutOff(unit) || !this.#hasWayOut(agent, now)))) return [];
      return [{ agent, unit, up, error: result.error, rttMs: result.rttMs }];
    });
  }

  #hasWayOut(agent: string, now: number): boolean {
    const wan = this.#options.results.currentOf(agent, 'wan', { every: wanEvery, now });
    return wan.length === 0 || wan.some(({ turns }) => turns.at(-1)?.up === true);
  }

  #tellState(
    { id, name, url }: ServiceSettings,
    { judgement, now }: { judgement: ServiceJudgement; now: number },
  ): void {
    const { incidents } = this.#options;
    if (judgement.state === 'down') {
      const evidence = evidenceOf(judgement, { now, facts: { name, url } });
      incidents.report({ kind: 'service-down', severity: 'critical', subject: id, unit: undefined, evidence });
    } else if (judgement.state !== 'unknown') incidents.resolve('service-down', id, now);
  }

  #tellUnits(watched: Watched, { judgement, now }: { judgement: ServiceJudgement; now: number }): void {
    // While nothing is known, or everybody fails, nothing can be said of one unit.
    if (judgement.state === 'unknown' || judgement.state === 'down') return;
    const { incidents } = this.#options;
    const { id, name, url } = watched.settings;
    for (const unit of judgement.cutOff.filter((each) => watched.told.get(each) !== true)) {
      watched.told.set(unit, true);
      const evidence = evidenceOf(judgement, { now, facts: { name, url } });
      const subject = `${unit}/${id}`;
      incidents.report({ kind: 'service-unreachable', severity: 'warning', subject, unit, evidence });
    }
    // The first time too: what was open before a restart may be over.
    for (const unit of judgement.reaching.filter((each) => watched.told.get(each) !== false)) {
      watched.told.set(unit, false);
      incidents.resolve('service-unreachable', `${unit}/${id}`, now);
    }
  }
}

function evidenceOf(
  { state, vantagePoints, failingPoints, error = '', cutOff }: ServiceJudgement,
  { now, facts }: { now: number; facts: Readonly<Record<string, string>> },
): Evidence {
  const places = cutOff.length === 0 ? {} : { cut_off: cutOff.slice(0, maxNamedUnits).join(' ') };
  return {
    at: now,
    what: state,
    facts: { ...facts, vantage_points: `${vantagePoints}`, failing_points: `${failingPoints}`, error, ...places },
  };
}

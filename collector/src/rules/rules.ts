/** Everything that the collector does about rules, built, started and stopped together. */
import { ruleIntervalSeconds } from '@vonggac/shared';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Incidents } from '../incidents/incidents.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState, PlannedAt } from '../live/live-state.ts';
import type { Store, StoreBatch } from '../stores/store.ts';
import { Ages } from './ages.ts';
import { Evaluator } from './evaluator.ts';
import { Forecast } from './forecast.ts';
import type { Instance } from './instance.ts';
import { RuleIncidents } from './rule-incidents.ts';

const tickEveryMs = 1_000;

interface Options {
  readonly live: Pick<LiveState, 'all' | 'get'>;
  readonly plannedAt: PlannedAt;
  readonly store: Pick<Store, 'query'>;
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'fold' | 'list' | 'together'>;
  readonly ingest: Pick<Ingest, 'write'>;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
}

export class Rules {
  readonly evaluator: Evaluator;
  readonly #options: Options;
  readonly #incidents: RuleIncidents;
  readonly #ages: Ages;
  readonly #forecast: Forecast;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: Options) {
    const { live, incidents, ingest } = options;
    this.#options = options;
    // Not kept for later when the store is away: the next ones come soon.
    const emit = (batch: StoreBatch) => void ingest.write(batch);
    this.evaluator = new Evaluator({ isGone: (agent) => (live.get(agent)?.state ?? 'retired') === 'retired' });
    this.#incidents = new RuleIncidents({
      incidents,
      instancesOf: (rule) => this.evaluator.of(rule),
      isRetired: (agent) => live.get(agent)?.state === 'retired',
      isSuppressed: (instance, { scope }) => scope === 'machine' && this.#isSuppressed(instance),
    });
    this.#ages = new Ages({ agents: () => live.all(), emit });
    this.#forecast = new Forecast({ ...options, agents: () => live.all(), emit });
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#guarded(() => this.#derive()), tickEveryMs),
      setInterval(() => this.#guarded(() => this.tick()), ruleIntervalSeconds * 1_000),
    ];
    addRuleGauges(this.#options.registry, this.evaluator);
  }

  /** Safe twice and before start. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** Takes what was measured or concluded; never throws. */
  take(batch: StoreBatch): void {
    this.#guarded(() => this.evaluator.take(batch, this.#options.now()));
  }

  /** Evaluates all rules; by itself every minute from the start on. */
  tick(): void {
    const now = this.#options.now();
    this.evaluator.tick(now);
    this.#incidents.tick(now);
  }

  #derive(): void {
    const now = this.#options.now();
    this.#ages.tick(now);
    void this.#forecast.tick(now);
  }

  /** A machine that is away with its unit, or is being worked on: what its last values say is nobody's business now. */
  #isSuppressed({ origin }: Instance): boolean {
    const { live, plannedAt, now } = this.#options;
    if (live.get(origin.agent)?.state !== 'online') return true;
    const subject = { unit: origin.unit, agentId: origin.agent, class: origin.class };
    return plannedAt(subject, now())?.reason === 'maintenance';
  }

  /** A full disk, or a fault of ours: it must not end the collector, nor the session of an agent. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'cannot evaluate rules');
    }
  }
}

function addRuleGauges(registry: Registry, evaluator: Evaluator): void {
  new Gauge({
    name: 'vonggac_rule_instances',
    help: 'Series that alert rules follow.',
    registers: [registry],
    collect() {
      this.set(evaluator.instances);
    },
  });
  new Gauge({
    name: 'vonggac_rule_series_dropped',
    help: 'Readings of series that were too many for the alert rules to follow, since the start.',
    registers: [registry],
    collect() {
      this.set(evaluator.dropped);
    },
  });
}

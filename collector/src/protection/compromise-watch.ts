/** Remembers what changed on each machine lately, and opens an incident when it hints at a break-in. */
import type { Point } from '@vonggac/shared';
import type { Incidents } from '../incidents/incidents.ts';
import type { LiveState } from '../live/live-state.ts';
import { hintOf, type Signal, signalsBetween } from './compromise.ts';
import type { Evidence } from './evidence.ts';
import { facts, hourMs, iso, minuteMs } from './rules.ts';
import type { ProtectionSettings } from './settings.ts';

const maxRemembered = 50;
/** An agent that starts this soon after its machine was started with it. */
const withBootMs = 600_000;

interface Options {
  readonly settings: Pick<ProtectionSettings, 'compromise_minutes' | 'event_hours'>;
  readonly live: Pick<LiveState, 'get'>;
  readonly incidents: Pick<Incidents, 'report'>;
}

interface From {
  readonly agent: string;
  readonly host: string;
  readonly unit: string;
}

export class CompromiseWatch {
  readonly #options: Options;
  readonly #signals = new Map<string, Signal[]>();
  readonly #started = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** `known`: the evidence before and after these points. */
  take(from: From, points: readonly Point[], known: { before: Evidence; after: Evidence; now: number }): void {
    const bootedAt = this.#bootedAt(from.agent);
    const found = signalsBetween(known.before, known.after, bootedAt);
    for (const { measurement, fields, time } of points) {
      if (measurement !== 'agent' || typeof fields.start_time_seconds !== 'number') continue;
      const startedAt = fields.start_time_seconds * 1_000;
      if (this.#isRestart(from.agent, { startedAt, bootedAt })) found.push({ kind: 'agent-restart', at: time });
    }
    for (const signal of found) this.add(from, signal, known.now);
  }

  add(from: From, signal: Signal, now: number): void {
    const { settings, incidents } = this.#options;
    // What was kept back by an outage says nothing about now.
    if (now - signal.at > settings.event_hours * hourMs) return;
    const before = this.#signals.get(from.agent) ?? [];
    this.#signals.set(from.agent, [...before, signal].slice(-maxRemembered));
    const hint = hintOf(signal, before, settings.compromise_minutes * minuteMs);
    if (!hint) return;
    const { stop, others } = hint;
    const evidence = {
      at: signal.at,
      what: 'protection-stopped-with',
      facts: facts({
        agent: from.agent,
        hostname: from.host,
        product: stop.product,
        stopped: stop.stopped,
        stopped_at: iso(stop.at),
        signals: [...new Set(others.map(({ kind }) => kind))].join(' '),
        minutes: Math.round(Math.max(...others.map(({ at }) => Math.abs(at - stop.at))) / minuteMs),
      }),
    };
    const { agent: subject, unit } = from;
    incidents.report({ kind: 'compromise-hint', severity: 'critical', subject, unit, evidence });
  }

  /** Forgets what is too old to be a hint with anything new. */
  tidy(now: number): void {
    const oldest = now - this.#options.settings.event_hours * hourMs;
    for (const [agent, signals] of this.#signals) {
      const left = signals.filter(({ at }) => at >= oldest);
      if (left.length > 0) this.#signals.set(agent, left);
      else this.#signals.delete(agent);
    }
  }

  #bootedAt(agent: string): number | undefined {
    for (const { measurement, fields } of this.#options.live.get(agent)?.points.values() ?? []) {
      if (measurement === 'system' && typeof fields.boot_time_seconds === 'number')
        return fields.boot_time_seconds * 1_000;
    }
    return undefined;
  }

  /** Not with its machine. The first start that is heard of is none. */
  #isRestart(agent: string, { startedAt, bootedAt }: { startedAt: number; bootedAt: number | undefined }): boolean {
    const before = this.#started.get(agent);
    // What comes late tells of an earlier start.
    if (before === undefined || startedAt > before) this.#started.set(agent, startedAt);
    if (before === undefined || startedAt <= before || bootedAt === undefined) return false;
    return startedAt - bootedAt >= withBootMs;
  }
}

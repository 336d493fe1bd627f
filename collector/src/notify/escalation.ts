/** Lets incidents rise that nobody takes: their time runs from the opening, but not while they are put off or planned. */
import { isSnoozed } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { IncidentBrief } from '../incidents/incidents-file.ts';
import type { Standing } from './planner.ts';
import type { EscalationSettings } from './settings.ts';

const minuteMs = 60_000;

interface Options {
  readonly settings: EscalationSettings;
  readonly incidents: Pick<Incidents, 'hold' | 'escalate' | 'together'>;
}

export class Escalation {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws when it cannot be written down. */
  tick({ open, planned, now }: Standing): void {
    const { incidents } = this.#options;
    const waiting = open.filter(({ acknowledgedAt }) => acknowledgedAt === undefined);
    const acts = waiting.flatMap((incident) => {
      const isHeld = isSnoozed(incident, now) || planned.has(incident.id);
      return this.#actOn(incident, { isHeld, now });
    });
    if (acts.length === 0) return;
    incidents.together(() => {
      for (const act of acts) act();
    });
  }

  #actOn(incident: IncidentBrief, { isHeld, now }: { isHeld: boolean; now: number }): (() => void)[] {
    const { incidents, settings } = this.#options;
    const { id, heldSince, heldMs, openedAt, severity } = incident;
    if (isHeld) return heldSince === undefined ? [() => incidents.hold(id, { since: now, heldMs })] : [];
    if (heldSince !== undefined) {
      const stoodMs = heldMs + Math.max(0, now - heldSince);
      return [() => incidents.hold(id, { since: undefined, heldMs: stoodMs })];
    }
    const waitedMs = now - openedAt - heldMs;
    const passed = settings[severity].filter((minutes) => waitedMs >= minutes * minuteMs);
    const level = 1 + passed.length;
    if (level <= incident.level) return [];
    return [() => incidents.escalate(id, { at: now, level, minutes: passed.at(-1) ?? 0 })];
  }
}

/**
 * Paths that were traced when a target changed its state. A path often comes a moment before the incident that it belongs
 * to is opened, so it is kept until then, and put to the incident's evidence.
 */
import type { Point } from '@vonggac/shared';
import type { Incident, IncidentKind } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';

interface Traced {
  readonly agent: string;
  readonly target: string;
  readonly at: number;
  readonly path: string;
  /** What the incident may be about. */
  readonly about: readonly (readonly [kind: IncidentKind, subject: string])[];
}

/** An incident is opened within minutes of the change, or never. */
const keptMs = 15 * 60_000;
const maxWaiting = 200;
/** Of one incident; more would push out its other evidence. */
const maxOfIncident = 3;
/** As much as a fact of the evidence may hold. */
const factLength = 200;

export class TracedPaths {
  readonly #incidents: Pick<Incidents, 'openOf' | 'report'>;
  /** By machine and target, the oldest first. */
  readonly #waiting = new Map<string, Traced>();

  constructor(incidents: Pick<Incidents, 'openOf' | 'report'>) {
    this.#incidents = incidents;
  }

  /** Takes what a machine has measured. */
  take({ agent, unit }: { readonly agent: string; readonly unit: string }, points: readonly Point[]): void {
    for (const { measurement, tags, fields, time } of points) {
      const { target = '', scope } = tags;
      if (measurement !== 'connectivity' || typeof fields.path !== 'string') continue;
      const about = aboutOf({ unit, target, scope });
      if (about.length === 0) continue;
      const path = [fields.path, fields.path_more].filter((part) => typeof part === 'string').join(' ');
      const key = `${agent}\n${target}`;
      this.#waiting.delete(key);
      this.#waiting.set(key, { agent, target, at: time, path, about });
      const [oldest] = this.#waiting.keys();
      if (this.#waiting.size > maxWaiting && oldest !== undefined) this.#waiting.delete(oldest);
    }
  }

  /** Call it every few seconds. */
  tick(now: number): void {
    for (const [key, traced] of this.#waiting) {
      const open = this.#openOf(traced);
      // One that an outage kept back belongs to what was then, not to what is open by now.
      if (open && traced.at >= open.openedAt - keptMs) this.#add(open, traced);
      if (open || now - traced.at > keptMs) this.#waiting.delete(key);
    }
  }

  #openOf({ about }: Traced): Incident | undefined {
    for (const [kind, subject] of about) {
      const open = this.#incidents.openOf(kind, subject);
      if (open) return open;
    }
    return undefined;
  }

  #add({ kind, severity, subject, unit, evidence }: Incident, { agent, target, at, path }: Traced): void {
    if (evidence.filter(({ what }) => what === 'path').length >= maxOfIncident) return;
    const rest = path.slice(factLength);
    const facts = { agent, target, path: path.slice(0, factLength), ...(rest !== '' && { path_more: rest }) };
    this.#incidents.report({ kind, severity, subject, unit, evidence: { at, what: 'path', facts }, times: 0 });
  }
}

function aboutOf(place: { unit: string; target: string; scope: string | undefined }): Traced['about'] {
  const { unit, target, scope } = place;
  if (scope === 'service') {
    return [
      ['service-unreachable', `${unit}/${target}`],
      ['service-down', target],
    ];
  }
  if (scope !== 'edge') return [];
  // `edge:UNIT:LINK`, see edge-targets.ts.
  const line = target.split(':').slice(1).join('/');
  return [
    ['link-down', line],
    // When every line of the unit is dead.
    ['link-down', unit],
    ['link-degraded', line],
  ];
}

/** Raises the incident `clone`: two machines live with one key, or a key has moved to another machine. */
import type { Logger } from 'pino';
import type { Incident, Sighting } from '../incidents/incident.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { printable } from './printable.ts';

/** What a process said in its hello, and from where. Texts are as they came. */
export interface Claim {
  readonly agent: AgentRecord;
  readonly address: string;
  readonly hostname: string;
  readonly epoch: string;
  readonly started: number;
  readonly booted: number;
  readonly hardware: readonly string[];
}

/**
 * `second-holder`: another process came while the first one answers. `former-holder`: one came back that had been
 * refused or succeeded before. `took-over`: the same, let in because the other had been away for long.
 * `hardware-changed`: nothing of the hardware is what it was.
 */
type CloneEvidence = 'second-holder' | 'former-holder' | 'took-over' | 'hardware-changed';

/** Between two writes about one agent; what is seen in between is counted. */
const quietMs = 10_000;

interface Recent {
  readonly at: number;
  readonly incident: number;
  unreported: number;
}

interface Options {
  readonly incidents: { report(sighting: Sighting): Pick<Incident, 'id'> };
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonic: () => number;
}

export class CloneAlarm {
  readonly #options: Options;
  readonly #recent = new Map<string, Recent>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Returns the incident's id, or undefined when it could not be kept: then only the log knows. */
  raise(what: CloneEvidence, newcomer: Claim, other?: Claim): number | undefined {
    const { id } = newcomer.agent;
    const { incidents, logger, now, monotonic } = this.#options;
    const recent = this.#recent.get(id);
    if (recent && monotonic() - recent.at < quietMs) {
      recent.unreported += 1;
      return recent.incident;
    }
    const facts = {
      ...describe(newcomer),
      hardware: compareHardware(other?.hardware ?? newcomer.agent.hardware, newcomer.hardware),
      ...(other && prefixed('other_', describe(other))),
    };
    logger.error({ agent: id, what, ...facts }, 'two machines seem to use one key');
    let incident: Pick<Incident, 'id'>;
    try {
      incident = incidents.report({
        kind: 'clone',
        severity: 'critical',
        subject: id,
        unit: newcomer.agent.unit,
        evidence: { at: now(), what, facts },
        times: 1 + (recent?.unreported ?? 0),
      });
    } catch (error) {
      logger.error({ agent: id, error: (error as Error).message }, 'cannot keep the incident');
      return undefined;
    }
    this.#recent.set(id, { at: monotonic(), incident: incident.id, unreported: 0 });
    return incident.id;
  }

  forget(agentId: string): void {
    this.#recent.delete(agentId);
  }
}

/** `unknown` never alarms: a machine that tells nothing, or told nothing before, proves nothing. */
export function compareHardware(before: readonly string[], now: readonly string[]): 'same' | 'other' | 'unknown' {
  if (before.length === 0 || now.length === 0) return 'unknown';
  return before.some((hint) => now.includes(hint)) ? 'same' : 'other';
}

function describe({ address, hostname, epoch, started, booted }: Claim): Record<string, string> {
  return { address, hostname: printable(hostname), epoch, started: toIso(started), booted: toIso(booted) };
}

function prefixed(prefix: string, facts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, text]) => [prefix + name, text]));
}

/** A machine may claim any number. */
function toIso(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time}` : date.toISOString();
}

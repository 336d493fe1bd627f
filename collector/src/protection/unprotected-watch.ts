/** Opens an incident for a server that is not protected for a while, and one for each unit with such PCs. */

import type { Incidents } from '../incidents/incidents.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { isUnprotecting } from './compliance.ts';
import { listed } from './listed.ts';
import type { MachineProtection } from './machine-watch.ts';
import { facts, minuteMs } from './rules.ts';
import type { ProtectionSettings } from './settings.ts';

const maxOpen = 10_000;
const maxNames = 8;
/** Each is written and synced: when all units lose their protection together, the others wait for the next look. */
const maxReports = 20;

interface Options {
  readonly settings: Pick<ProtectionSettings, 'unprotected_minutes'>;
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'list'>;
}

/** By whose subject: the machines that were told of. */
type Told = Map<string, ReadonlySet<string>>;

export class UnprotectedWatch {
  readonly #options: Options;
  #told: Told | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Call it every few seconds. */
  tick(machines: readonly MachineProtection[], now: number): void {
    const told = this.#told ?? this.#openBefore();
    this.#told = told;
    const unprotected = machines.filter((machine) => this.#isLong(machine, now));
    const bySubject = Map.groupBy(unprotected, ({ record }) => subjectOf(record));
    let reports = 0;
    for (const [subject, own] of bySubject) {
      const known = told.get(subject);
      if (known && own.every(({ record }) => known.has(record.id))) continue;
      // After a restart nobody knows which machines an open incident told of: it is not told again.
      if (known?.size !== 0) {
        if (reports === maxReports) continue;
        reports += 1;
        this.#report(subject, { machines: own, now });
      }
      told.set(subject, new Set(own.map(({ record }) => record.id)));
    }
    const isStill = new Set(
      machines.filter(({ level }) => level === 'unprotected').map(({ record }) => subjectOf(record)),
    );
    for (const subject of told.keys()) {
      if (isStill.has(subject)) continue;
      told.delete(subject);
      this.#options.incidents.resolve('unprotected', subject, now);
    }
  }

  #isLong({ level, findings }: MachineProtection, now: number): boolean {
    if (level !== 'unprotected') return false;
    const since = Math.min(...findings.filter(isUnprotecting).map((each) => each.since));
    return now - since >= this.#options.settings.unprotected_minutes * minuteMs;
  }

  #report(subject: string, { machines, now }: { machines: readonly MachineProtection[]; now: number }): void {
    const [first] = machines;
    if (!first) return;
    const { unit, id, hostname } = first.record;
    const isPc = first.record.class === 'pc';
    const rules = [
      ...new Set(machines.flatMap(({ findings }) => findings.filter(isUnprotecting)).map(({ rule }) => rule)),
    ];
    const names = machines.map(({ record }) => record.hostname);
    const said = isPc
      ? { machines: machines.length, names: listed(names, maxNames), rules: rules.sort().join(' ') }
      : { agent: id, hostname, class: first.record.class, rules: rules.sort().join(' ') };
    const evidence = { at: now, what: 'unprotected', facts: facts(said) };
    const severity = isPc ? 'warning' : 'critical';
    this.#options.incidents.report({ kind: 'unprotected', severity, subject, unit, evidence });
  }

  #openBefore(): Told {
    const open = this.#options.incidents.list({ state: 'open', limit: maxOpen });
    return new Map(open.flatMap(({ kind, subject }) => (kind === 'unprotected' ? [[subject, new Set<string>()]] : [])));
  }
}

/** A PC stands with the others of its unit; codes of units are capitals, ids of agents are not. */
function subjectOf(record: AgentRecord): string {
  return record.class === 'pc' ? record.unit : record.id;
}

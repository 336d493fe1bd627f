/** Opens an incident for what stays wrong with the collector, and closes it when it is over. */
import type { Incidents } from '../incidents/incidents.ts';
import { type SelfProblem, type SelfProblemCode, selfProblemCodes } from './self-problem.ts';

/** A moment is nobody's business; what comes back within a minute was never gone. */
const opensAfterMs = 30_000;
const closesAfterMs = 60_000;

const kind = 'collector-trouble';

interface Told {
  severity: SelfProblem['severity'];
  lastSeen: number;
}

export class TroubleWatch {
  readonly #incidents: Pick<Incidents, 'report' | 'resolve' | 'openOf'>;
  readonly #since = new Map<SelfProblemCode, number>();
  readonly #told = new Map<SelfProblemCode, Told>();
  #isFirst = true;

  constructor(incidents: Pick<Incidents, 'report' | 'resolve' | 'openOf'>) {
    this.#incidents = incidents;
  }

  /** Call it every few seconds; `now` is a clock that never jumps, `at` the one for people. Throws when it cannot be kept. */
  tick(problems: readonly SelfProblem[], { now, at }: { now: number; at: number }): void {
    if (this.#isFirst) this.#takeUp(now);
    this.#isFirst = false;
    const byCode = Map.groupBy(problems, ({ code }) => code);
    for (const code of selfProblemCodes) {
      const [problem] = (byCode.get(code) ?? []).toSorted((a, b) => a.severity.localeCompare(b.severity));
      if (problem) this.#present(problem, { now, at });
      else this.#absent(code, { now, at });
    }
  }

  /** What was open before a restart is closed when it is over. */
  #takeUp(now: number): void {
    for (const code of selfProblemCodes) {
      const open = this.#incidents.openOf(kind, code);
      if (open)
        this.#told.set(code, { severity: open.severity === 'critical' ? 'critical' : 'warning', lastSeen: now });
    }
  }

  #present(problem: SelfProblem, { now, at }: { now: number; at: number }): void {
    const { code, severity, text, facts } = problem;
    const since = this.#since.get(code) ?? now;
    this.#since.set(code, since);
    const told = this.#told.get(code);
    if (told) told.lastSeen = now;
    if (told?.severity === severity || (!told && now - since < opensAfterMs)) return;
    const evidence = { at, what: `collector-${code}`, facts: { ...facts, text } };
    this.#incidents.report({ kind, severity, subject: code, unit: undefined, evidence });
    this.#told.set(code, { severity, lastSeen: now });
  }

  #absent(code: SelfProblemCode, { now, at }: { now: number; at: number }): void {
    this.#since.delete(code);
    const told = this.#told.get(code);
    if (!told || now - told.lastSeen < closesAfterMs) return;
    this.#incidents.resolve(kind, code, at);
    this.#told.delete(code);
  }
}

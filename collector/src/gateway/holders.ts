/**
 * Which process speaks for each agent, and which others have tried to. A process is known by the moment at which it
 * started: an agent that restarts comes with a new one and never with an old one again, so a process that comes back
 * after another was seen proves that two live with one key.
 *
 * Such rivals are kept out as long as the holder was here a moment ago: two machines must not report in turns. Nobody is
 * kept out for ever: after `awayMs` without the holder, or when a person has closed the incident, a rival may follow.
 */

/** Long enough for a machine to restart or to be updated. */
export const awayMs = 10 * 60_000;
/** Rivals remembered of one agent. */
const maxRivals = 8;

interface Holding {
  holder: number;
  /** When its session ended, by the monotonic clock; undefined while it is open. */
  leftAt: number | undefined;
  rivals: number[];
  incident: number | undefined;
}

/**
 * `welcome`: nothing speaks against it. `rival`: another process holds the agent's place. `follows`: it is known as a
 * rival, but the holder has been away for long.
 */
export type Judgement = 'welcome' | 'rival' | 'follows';

export class Holders {
  readonly #monotonic: () => number;
  readonly #isClosed: (incident: number) => boolean;
  readonly #byAgent = new Map<string, Holding>();

  constructor(options: { readonly monotonic: () => number; readonly isClosed: (incident: number) => boolean }) {
    this.#monotonic = options.monotonic;
    this.#isClosed = options.isClosed;
  }

  /** `started` is when the process that wants to speak for the agent began, by its own clock. */
  judge(agent: string, started: number): Judgement {
    const holding = this.#byAgent.get(agent);
    if (!holding?.rivals.includes(started)) return 'welcome';
    if (holding.incident !== undefined && this.#isClosed(holding.incident)) {
      holding.rivals = [];
      holding.incident = undefined;
      return 'welcome';
    }
    const isAway = holding.leftAt !== undefined && this.#monotonic() - holding.leftAt >= awayMs;
    return isAway ? 'follows' : 'rival';
  }

  /** The process speaks for the agent from now on. */
  entered(agent: string, started: number): void {
    const holding = this.#byAgent.get(agent);
    if (!holding) {
      this.#byAgent.set(agent, { holder: started, leftAt: undefined, rivals: [], incident: undefined });
      return;
    }
    holding.leftAt = undefined;
    if (holding.holder === started) return;
    this.#remember(holding, holding.holder);
    holding.rivals = holding.rivals.filter((rival) => rival !== started);
    holding.holder = started;
  }

  left(agent: string): void {
    const holding = this.#byAgent.get(agent);
    if (holding) holding.leftAt = this.#monotonic();
  }

  /** The process was kept out, because of which there is an incident. */
  refused(agent: string, started: number, incident: number | undefined): void {
    const holding = this.#byAgent.get(agent);
    if (!holding) return;
    holding.incident = incident ?? holding.incident;
    if (holding.holder !== started) this.#remember(holding, started);
  }

  forget(agent: string): void {
    this.#byAgent.delete(agent);
  }

  #remember(holding: Holding, rival: number): void {
    holding.rivals = [...holding.rivals.filter((known) => known !== rival), rival].slice(-maxRivals);
  }
}

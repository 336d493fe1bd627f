/**
 * Which session speaks for which agent: one at a time. Whoever comes while a session is open waits until that one was
 * asked for a sign of life. If it answers, two machines live with one key: the newcomer is refused and there is an alarm.
 * If it does not, it is what a cut line has left behind, and the newcomer takes its place.
 */
import type { CloseName } from '@vonggac/shared';
import type { Logger } from 'pino';
import { type Claim, type CloneAlarm, compareHardware } from './clone-alarm.ts';
import type { Holders } from './holders.ts';

/** A session whose agent has proven who it is. */
export interface Speaker {
  open(): void;
  close(name: CloseName): void;
  /** Whether anybody is there now; resolves after a few seconds at most. */
  signOfLife(): Promise<boolean>;
}

interface Present<S> {
  readonly session: S;
  readonly claim: Claim;
}

interface Options {
  readonly holders: Holders;
  readonly alarm: Pick<CloneAlarm, 'raise' | 'forget'>;
  readonly logger: Logger;
}

export class AgentSessions<S extends Speaker> {
  readonly #options: Options;
  readonly #open = new Map<string, Present<S>>();
  /** At most one of an agent: the newest. It counts as not authenticated at the door. */
  readonly #waiting = new Map<string, Present<S>>();

  constructor(options: Options) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  of(agentId: string): S | undefined {
    return this.#open.get(agentId)?.session;
  }

  all(): S[] {
    return [...this.#open.values()].map(({ session }) => session);
  }

  arrive(session: S, claim: Claim): void {
    const { id } = claim.agent;
    const newcomer = { session, claim };
    const present = this.#open.get(id);
    const judgement = this.#options.holders.judge(id, claim.started);
    if (judgement === 'rival') return this.#refuse(newcomer, { what: 'former-holder', other: present?.claim });
    if (judgement === 'follows') this.#options.alarm.raise('took-over', claim);
    if (!present) return this.#enter(newcomer);
    const earlier = this.#waiting.get(id);
    this.#waiting.set(id, newcomer);
    // The question is under way already.
    if (earlier) earlier.session.close('replaced');
    else void this.#decide(id, present);
  }

  /** The session has ended; true when it was the one that spoke for its agent. */
  left(session: S, agentId: string): boolean {
    if (this.#waiting.get(agentId)?.session === session) this.#waiting.delete(agentId);
    if (this.#open.get(agentId)?.session !== session) return false;
    this.#open.delete(agentId);
    this.#options.holders.left(agentId);
    return true;
  }

  /** Closes what there is of an agent that may no longer report. */
  revoke(agentId: string): void {
    this.#open.get(agentId)?.session.close('revoked');
    this.#waiting.get(agentId)?.session.close('revoked');
    this.#options.holders.forget(agentId);
    this.#options.alarm.forget(agentId);
  }

  async #decide(id: string, asked: Present<S>): Promise<void> {
    const isAlive = await asked.session.signOfLife();
    const newcomer = this.#waiting.get(id);
    this.#waiting.delete(id);
    // It has given up waiting.
    if (!newcomer) return;
    const present = this.#open.get(id);
    if (present === asked && isAlive) return this.#refuse(newcomer, { what: 'second-holder', other: asked.claim });
    // Another one has come in since.
    if (present && present !== asked) return this.arrive(newcomer.session, newcomer.claim);
    this.#enter(newcomer);
  }

  #enter(newcomer: Present<S>): void {
    const { session, claim } = newcomer;
    const { id, hardware } = claim.agent;
    if (compareHardware(hardware, claim.hardware) === 'other') this.#options.alarm.raise('hardware-changed', claim);
    const older = this.#open.get(id);
    // First of all, so that the end of the older one is not taken for the end of the agent.
    this.#open.set(id, newcomer);
    older?.session.close('replaced');
    this.#options.holders.entered(id, claim.started);
    try {
      session.open();
    } catch (error) {
      this.#options.logger.error({ agent: id, error: (error as Error).message }, 'cannot open a session');
      session.close('goingAway');
    }
  }

  #refuse(
    { session, claim }: Present<S>,
    { what, other }: { what: 'second-holder' | 'former-holder'; other: Claim | undefined },
  ): void {
    session.close('cloned');
    const incident = this.#options.alarm.raise(what, claim, other);
    this.#options.holders.refused(claim.agent.id, claim.started, incident);
  }
}

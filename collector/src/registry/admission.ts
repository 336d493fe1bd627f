import type { AgentRecord, Agents } from './agents.ts';
import type { CodeUses, UseOutcome } from './code-uses.ts';
import { codeStateOf, type EnrolmentCodeRecord, type EnrolmentCodes } from './enrolment-codes.ts';
import type { AskedEnrolment, NewEnrolment, PendingEnrolments } from './pending-enrolments.ts';

/** A machine that has proven a token. */
export interface Applicant extends Omit<NewEnrolment, 'code'> {
  /** It has shown that it holds the private key, too. */
  readonly hasPrivateKey: boolean;
}

export type Admission =
  | { readonly kind: 'granted'; readonly agent: AgentRecord; readonly again: boolean }
  | { readonly kind: 'pending'; readonly id: string; readonly askedAt: number; readonly again: boolean }
  /** A person said no, or nobody said anything. */
  | { readonly kind: 'declined' | 'lapsed' }
  /** As many machines wait as may. */
  | { readonly kind: 'full' }
  | { readonly kind: 'refused'; readonly reason: UseOutcome };

interface Asking {
  readonly applicant: Applicant;
  readonly now: number;
}

interface Parts {
  readonly agents: Agents;
  readonly codes: EnrolmentCodes;
  readonly pending: PendingEnrolments;
  readonly uses: CodeUses;
  /** Machines that may wait at the same time. */
  readonly maxPending: number;
}

/**
 * What a machine gets for a code that it has proven: an identity, a place among those that wait, or nothing. Whoever
 * asks again with the same code and key gets the same answer and takes no further use, so that an answer that was lost
 * on the way costs nothing. Each other outcome is recorded with the code.
 */
export class Admissions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  admit(code: EnrolmentCodeRecord, { applicant, now }: Asking): Admission {
    const { agents, codes, pending } = this.#parts;
    const { publicKey, hasPrivateKey } = applicant;
    const refuse = (reason: UseOutcome): Admission => {
      this.#record(code, { applicant, now, outcome: reason });
      return { kind: 'refused', reason };
    };
    const asked = pending.byPublicKey(publicKey);
    const known = agents.byPublicKey(publicKey);
    if (asked || known) {
      const isOwn = (asked?.code ?? agents.codeOf(known?.id ?? '')) === code.id;
      return (isOwn && hasPrivateKey && this.#answerAgain({ asked, known }, now)) || refuse('key_refused');
    }
    // Without a proof of its key it could not be told, later, from another one that saw its public key.
    if (code.approve && !hasPrivateKey) return refuse('key_refused');
    const state = codeStateOf(code, now);
    if (state !== 'usable') return refuse(`code_${state}`);
    if (code.approve && pending.count(now) >= this.#parts.maxPending) {
      this.#record(code, { applicant, now, outcome: 'too_many_pending' });
      return { kind: 'full' };
    }
    const grant = () => (code.approve ? this.#wait(code, { applicant, now }) : this.#enrol(code, { applicant, now }));
    // Undefined when a command has revoked the code since it was looked up.
    return codes.use(code.id, { now, grant }) ?? refuse('code_revoked');
  }

  #answerAgain(before: { asked: AskedEnrolment | undefined; known: AgentRecord | undefined }, now: number) {
    const { asked, known } = before;
    if (asked && asked.decision === undefined) {
      this.#parts.pending.touch(asked, now);
      return { kind: 'pending', id: asked.id, askedAt: asked.askedAt, again: true } as const;
    }
    if (asked?.decision === 'refused') return { kind: 'declined' } as const;
    if (asked?.decision === 'lapsed') return { kind: 'lapsed' } as const;
    if (known && known.revokedAt === undefined) return { kind: 'granted', agent: known, again: true } as const;
    return undefined;
  }

  #wait(code: EnrolmentCodeRecord, { applicant, now }: Asking): Admission {
    const id = this.#parts.pending.add({ ...applicant, code: code.id }, now);
    this.#record(code, { applicant, now, outcome: 'pending' });
    return { kind: 'pending', id, askedAt: now, again: false };
  }

  #enrol(code: EnrolmentCodeRecord, { applicant, now }: Asking): Admission {
    const { hostname, platform, version, publicKey } = applicant;
    const agent = this.#parts.agents.add({
      hostname,
      unit: code.unit,
      class: code.class,
      publicKey,
      platform,
      version,
      codeId: code.id,
      enrolledAt: now,
    });
    this.#record(code, { applicant, now, outcome: 'enrolled', agent: agent.id });
    return { kind: 'granted', agent, again: false };
  }

  #record(code: EnrolmentCodeRecord, use: Asking & { outcome: UseOutcome; agent?: string }): void {
    const { applicant, now, outcome, agent } = use;
    const { address, hostname } = applicant;
    this.#parts.uses.add(code.id, { at: now, outcome, address, hostname, agent });
  }
}

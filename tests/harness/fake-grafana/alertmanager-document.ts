/**
 * Contact points, mute timings, templates and policies of an organisation are one document. Who changes one of them reads
 * the whole, changes it and writes the whole; a change from beside in the meantime is refused with 409, but for the policy
 * tree, which is written whatever came between: so updates are lost.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { type Json, Refusal } from './exchange.ts';
import type { Provenance } from './organisation.ts';

export interface Integration {
  readonly uid: string;
  readonly type: string;
  readonly disableResolveMessage: boolean;
  readonly settings: Json;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Receiver {
  readonly name: string;
  readonly integrations: readonly Integration[];
}

export interface Policy extends Json {
  readonly receiver?: string;
  readonly routes?: readonly Policy[];
  readonly mute_time_intervals?: readonly string[];
}

export interface AlertmanagerContent {
  readonly receivers: readonly Receiver[];
  readonly policies: Policy;
  readonly muteTimings: Readonly<Record<string, readonly Json[]>>;
  readonly templates: Readonly<Record<string, string>>;
  /** By `contact-point/<uid>`, `mute-timing/<name>`, `template/<name>`, `policies`. */
  readonly provenances: Readonly<Record<string, Provenance>>;
}

/** How long a change lies between reading and writing. */
const windowMs = 5;

export const defaultPolicies: Policy = { receiver: 'grafana-default-email', group_by: ['grafana_folder', 'alertname'] };

export class AlertmanagerDocument {
  #version = 1;
  #underWay = 0;
  #held: Promise<void> | undefined;
  #content: AlertmanagerContent = {
    receivers: [
      {
        name: 'grafana-default-email',
        integrations: [
          {
            uid: '',
            type: 'email',
            disableResolveMessage: false,
            settings: { addresses: '<example@email.com>' },
            secrets: {},
          },
        ],
      },
    ],
    policies: defaultPolicies,
    muteTimings: {},
    templates: {},
    provenances: {},
  };

  get content(): AlertmanagerContent {
    return this.#content;
  }

  /** For tests: what others did before. */
  put(part: Partial<AlertmanagerContent>): void {
    this.#content = { ...this.#content, ...part };
    this.#version += 1;
  }

  /** How many changes have read and not written. */
  get underWay(): number {
    return this.#underWay;
  }

  /** For tests: whoever has read waits, so that changes meet, until what comes back is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = promise;
    return () => {
      this.#held = undefined;
      resolve();
    };
  }

  async change(
    edit: (content: AlertmanagerContent) => AlertmanagerContent,
    { isUnchecked = false } = {},
  ): Promise<AlertmanagerContent> {
    const before = this.#version;
    const changed = edit(this.#content);
    this.#underWay += 1;
    await (this.#held ?? wait(windowMs));
    this.#underWay -= 1;
    if (before !== this.#version && !isUnchecked) {
      throw new Refusal(409, 'could not save the Alertmanager configuration: it has been changed concurrently', {
        messageId: 'alerting.notifications.conflict',
        statusCode: 409,
      });
    }
    this.#content = changed;
    this.#version += 1;
    return changed;
  }
}

/** All policies of a tree. */
export function policiesOf(policy: Policy): readonly Policy[] {
  return [policy, ...(policy.routes ?? []).flatMap(policiesOf)];
}

import { type PushedTarget, parseTarget, type TargetAddress, type TargetScope } from '@vonggac/shared';

/** What is checked, whoever chose it. */
export interface Target {
  /** Becomes the tag `target`. */
  readonly id: string;
  readonly scope: TargetScope;
  /** Seconds between checks. */
  readonly every: number;
  readonly address: TargetAddress;
  /**
   * Whether this machine itself and link-local addresses may be checked: only when the machine, or a person at it, chose
   * the target. What a collector names must not reach what trusts the machine's own loopback.
   */
  readonly anyAddress: boolean;
  /** dns: "no such name" is a good answer too; it is asked only whether the resolver works. */
  readonly anyAnswer?: boolean;
  /** icmp: sent over this interface, whatever the routes say. */
  readonly interface?: string | undefined;
  /** Checked seldom while all is well, see calm-check.ts. */
  readonly isCalm?: boolean;
  /** The collector that this agent reports to. */
  readonly isCollector?: boolean;
  readonly keyword?: string | undefined;
  readonly status?: number | undefined;
  readonly redirects?: number | undefined;
}

export const defaultEverySeconds = 15;

/** A target that the collector chose. */
export function pushedTarget(pushed: PushedTarget): Target {
  const { id, url, scope, every, keyword, status, redirects } = pushed;
  return { id, scope, every, address: parseTarget(url), anyAddress: false, keyword, status, redirects };
}

/** Throws when two have the same name: their points would be one series. */
export function pushedTargets(pushed: readonly PushedTarget[]): Target[] {
  const ids = new Set<string>();
  for (const { id } of pushed) {
    if (ids.has(id)) throw new Error(`two targets are named "${id}"`);
    ids.add(id);
  }
  return pushed.map(pushedTarget);
}

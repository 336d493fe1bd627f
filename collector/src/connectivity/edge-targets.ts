/** The addresses at the units' ends of their lines that the collector checks by itself. */
import { createHash } from 'node:crypto';
import { isRemoteTarget, PushedTarget } from '@vonggac/shared';
import type { LinkKey } from './link-ledger.ts';
import { icmpUrl } from './pushed-settings.ts';
import type { UnitIndex } from './unit-index.ts';

/** The most that the agent's program takes. */
export const maxEdgeTargets = 2_000;
const maxIdLength = 64;

export interface EdgeTarget extends LinkKey {
  readonly target: PushedTarget;
}

/** The tag `target` of the readings of an edge. */
export function edgeTargetId({ unit, link }: LinkKey): string {
  const id = `edge:${unit}:${link}`;
  return id.length <= maxIdLength ? id : `edge:${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}

/** `refused`: edges that nothing can be sent to, as written by a person. */
export function edgeTargets(units: UnitIndex, every: number): { targets: EdgeTarget[]; refused: string[] } {
  const targets: EdgeTarget[] = [];
  const refused: string[] = [];
  for (const { code: unit, links = [] } of units.all()) {
    for (const { id: link, edge } of links) {
      if (edge === undefined) continue;
      const target: PushedTarget = { id: edgeTargetId({ unit, link }), url: icmpUrl(edge), scope: 'edge', every };
      if (!isRemoteTarget(target.url) || !PushedTarget.safeParse(target).success) refused.push(edge);
      else targets.push({ unit, link, target });
    }
  }
  return { targets, refused };
}

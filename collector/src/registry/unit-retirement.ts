/** The end of a unit: what becomes of the units below it, its machines and its enrolment codes. */
import type { DatabaseSync } from 'node:sqlite';
import { refusePendingOf } from './pending-enrolments.ts';
import { effectiveTime, replaceParent, UnitRefused, type UnitTimeline, type When } from './unit-timeline.ts';
import { formatUnitTime } from './unit-times.ts';
import { unitsBelow } from './unit-tree.ts';

/** What a retirement did. */
export interface Retirement {
  readonly code: string;
  readonly into: string | undefined;
  readonly at: number;
  /** Codes of the units that stand below the successor now. */
  readonly movedUnits: readonly string[];
  /** Ids of the machines that belong to the successor now; they keep their ids. */
  readonly movedAgents: readonly string[];
  /** Enrolment codes that may still be used or that machines wait with, now for the successor. */
  readonly movedCodes: number;
  /** Enrolment codes that were taken back because there is no successor. */
  readonly revokedCodes: number;
}

interface Ending extends When {
  readonly code: string;
  readonly into?: string | undefined;
}

const namedAtMost = 5;

/** `A, B, C and 4 more`. */
function nameSome(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  return rest > 0 ? `${names.slice(0, namedAtMost).join(', ')} and ${rest} more` : names.join(', ');
}

/** The lives that the retirement changes, and when it happens. Throws UnitRefused. */
export function endUnit(
  units: ReadonlyMap<string, UnitTimeline>,
  ending: Ending,
): { at: number; lives: UnitTimeline[]; movedUnits: string[] } {
  const timeline = units.get(ending.code);
  if (!timeline) throw new UnitRefused(`there is no unit ${ending.code}`, 'unknown');
  const at = endingTime(timeline, ending);
  if (ending.into === undefined) {
    const below = [...unitsBelow(units, ending.code)].slice(1);
    if (below.length > 0) {
      throw new UnitRefused(
        `${ending.code} has units below it (${nameSome(below)}): move them first, or name a successor with --into`,
      );
    }
    return { at, lives: [{ ...timeline, until: at }], movedUnits: [] };
  }
  const into = units.get(ending.into);
  if (!into) throw new UnitRefused(`there is no unit ${ending.into} to be the successor`);
  if (into.code === timeline.code) throw new UnitRefused(`${into.code} cannot be its own successor`);
  if (into.until === undefined && unitsBelow(units, timeline.code).has(into.code)) {
    throw new UnitRefused(`${into.code} is below ${timeline.code}: move it to another parent first`);
  }
  effectiveTime(into, { from: at, now: ending.now });
  const children = [...units.values()].map((unit) => ({
    before: unit,
    after: replaceParent(unit, { from: timeline.code, to: into.code, at }),
  }));
  const moved = children.filter(({ before, after }) => after !== before).map(({ after }) => after);
  return {
    at,
    lives: [...moved, { ...timeline, until: at, successor: into.code }],
    movedUnits: moved.map(({ code }) => code),
  };
}

function endingTime(timeline: UnitTimeline, ending: Ending): number {
  const at = effectiveTime(timeline, ending);
  const changedAt = timeline.versions.at(-1)?.from ?? at;
  if (at > changedAt) return at;
  if (ending.from === undefined) return changedAt + 1;
  const happened = timeline.versions.length === 1 ? 'begins' : 'was changed';
  throw new UnitRefused(`${timeline.code} ${happened} on ${formatUnitTime(changedAt)}: retire it later than that`);
}

/** Moves the unit's machines and codes to its successor. Throws UnitRefused when there is none to take the machines. */
export function releaseMembers(
  database: DatabaseSync,
  ending: Ending,
): Pick<Retirement, 'movedAgents' | 'movedCodes' | 'revokedCodes'> {
  const { code, into, now } = ending;
  const rows = database.prepare('SELECT id FROM agents WHERE unit = ? AND revoked_at IS NULL ORDER BY id').all(code);
  const agents = rows.map((row) => String(row.id));
  // Machines that wait to be accepted become machines of the unit of their code.
  const usable = `unit = ? AND revoked_at IS NULL AND (uses_left > 0 AND expires_at > ? OR EXISTS
    (SELECT 1 FROM pending_enrolments WHERE code_id = codes.id AND decision IS NULL))`;
  if (into !== undefined) {
    database.prepare('UPDATE agents SET unit = ? WHERE unit = ? AND revoked_at IS NULL').run(into, code);
    const moved = database.prepare(`UPDATE codes SET unit = ? WHERE ${usable}`).run(into, code, now);
    return { movedAgents: agents, movedCodes: Number(moved.changes), revokedCodes: 0 };
  }
  if (agents.length > 0) {
    const machines = agents.length === 1 ? 'one machine' : `${agents.length} machines`;
    throw new UnitRefused(
      `${code} has ${machines} (${nameSome(agents)}): name a successor with --into, or revoke them first`,
    );
  }
  const revoked = database.prepare(`UPDATE codes SET revoked_at = ? WHERE ${usable} RETURNING id`).all(now, code, now);
  for (const { id } of revoked) refusePendingOf(database, { code: String(id), by: `end of ${code}`, now });
  return { movedAgents: [], movedCodes: 0, revokedCodes: revoked.length };
}

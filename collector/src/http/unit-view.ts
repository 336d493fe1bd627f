/** Units as the API shows them. */
import type { ImportPlan } from '../registry/unit-import.ts';
import type { Retirement } from '../registry/unit-retirement.ts';
import type { Unit } from '../registry/unit-rows.ts';
import { spansOf, type UnitTimeline } from '../registry/unit-timeline.ts';
import { toIso } from './instants.ts';
import type { UnitDetails, UnitHistory } from './schemas.ts';
import type { ImportAnswer, RetirementAnswer } from './unit-change-schemas.ts';

export function viewUnit({ valid_from, valid_to, ...unit }: Unit): UnitDetails {
  return { ...unit, valid_from: toIso(valid_from), ...(valid_to !== undefined && { valid_to: toIso(valid_to) }) };
}

export function viewUnitHistory(timeline: UnitTimeline): UnitHistory {
  const { code, until, successor } = timeline;
  return {
    code,
    ...(until !== undefined && { retired_at: toIso(until) }),
    ...(successor !== undefined && { successor }),
    versions: spansOf(timeline).map(({ from, to, values }) =>
      viewUnit({ ...values, code, valid_from: from, valid_to: to }),
    ),
  };
}

export function viewRetirement(retired: Retirement): RetirementAnswer {
  return {
    code: retired.code,
    into: retired.into,
    retired_at: toIso(retired.at),
    moved_units: [...retired.movedUnits],
    moved_agents: [...retired.movedAgents],
    moved_codes: retired.movedCodes,
    revoked_codes: retired.revokedCodes,
  };
}

export function viewPlan({ notInFile, ...plan }: ImportPlan, written: boolean): ImportAnswer {
  return {
    written,
    added: plan.added.map((row) => ({ ...row, values: { ...row.values } })),
    changed: plan.changed.map((row) => ({ ...row, changes: [...row.changes] })),
    unchanged: [...plan.unchanged],
    not_in_file: [...notInFile],
    problems: [...plan.problems],
  };
}

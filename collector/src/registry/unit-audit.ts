/** What the audit log keeps of a change of units: what differs, in the flat form that it takes. */
import { createHash } from 'node:crypto';
import type { AuditValues } from './audit-entry.ts';
import type { ImportPlan } from './unit-import.ts';
import type { Retirement } from './unit-retirement.ts';
import type { Unit } from './unit-rows.ts';
import { textOfValue } from './unit-text.ts';
import { formatUnitTime } from './unit-times.ts';
import { unitFields } from './unit-values.ts';

interface Audited {
  readonly before?: AuditValues | undefined;
  readonly after: AuditValues;
}

/** The unit when the change takes effect, before it (absent when it is new) and after it; `from` as it was asked for. */
export function auditUnit(unit: {
  before?: Unit | undefined;
  after: Unit | undefined;
  from: number | undefined;
}): Audited {
  const old = textsOf(unit.before);
  const changed = Object.entries(textsOf(unit.after)).filter(([field, text]) => text !== (old[field] ?? ''));
  return {
    before: unit.before && Object.fromEntries(changed.map(([field]) => [field, old[field]])),
    after: { from: unit.from === undefined ? undefined : formatUnitTime(unit.from), ...Object.fromEntries(changed) },
  };
}

function textsOf(unit: Unit | undefined): Readonly<Record<string, string>> {
  return unit ? Object.fromEntries(unitFields.map((field) => [field, textOfValue(field, unit)])) : {};
}

export function auditRetirement(retired: Retirement): Audited {
  return {
    after: {
      retired: formatUnitTime(retired.at),
      into: retired.into,
      moved_units: retired.movedUnits.join(' '),
      moved_agents: retired.movedAgents.length,
      moved_codes: retired.movedCodes,
      revoked_codes: retired.revokedCodes,
    },
  };
}

/** The hash tells later which file it was; what it changed is in the history of each unit. */
export function auditImport(plan: ImportPlan, bytes: Uint8Array): Audited {
  return {
    after: {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      added: plan.added.length,
      changed: plan.changed.length,
    },
  };
}

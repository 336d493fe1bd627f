/** `vonggac units add`, `change`, `move` and `retire`. */
import { recordCommand } from '../registry/audit-commands.ts';
import { auditRetirement, auditUnit } from '../registry/unit-audit.ts';
import type { Unit } from '../registry/unit-rows.ts';
import type { When } from '../registry/unit-timeline.ts';
import { formatUnitTime } from '../registry/unit-times.ts';
import type { Units } from '../registry/units.ts';
import { type Arguments, exitCodes, print, required, UsageError } from './command.ts';
import { readAttributes, readNewCode, readWhen } from './units-flags.ts';
import { unitAsJson } from './units-list.ts';

export function addUnit(args: Arguments, units: Units): number {
  const code = readNewCode(args.positionals[0] ?? '');
  const name = required(args, 'name');
  const when = readWhen(args);
  units.add({ ...readAttributes(args), code, name }, when);
  return printUnit(args, units, { code, when, action: 'unit.add', done: 'added' });
}

export function changeUnit(args: Arguments, units: Units): number {
  const code = args.positionals[0] ?? '';
  const patch = readAttributes(args);
  if (Object.keys(patch).length === 0) throw new UsageError('nothing to change: name an attribute, as in --name NAME');
  const when = readWhen(args);
  const before = units.details(code, when.from);
  units.change(code, patch, when);
  return printUnit(args, units, { code, before, when, action: 'unit.change', done: 'changed' });
}

export function moveUnit(args: Arguments, units: Units): number {
  const code = args.positionals[0] ?? '';
  const { to, top } = args.flags;
  if ((typeof to === 'string') === (top === true)) {
    throw new UsageError('name the new parent: --to CODE, or --top for none');
  }
  const parent = typeof to === 'string' ? to : null;
  const when = readWhen(args);
  const before = units.details(code, when.from);
  units.change(code, { parent }, when);
  const done = parent === null ? 'moved to the top' : `moved below ${parent}`;
  return printUnit(args, units, { code, before, when, action: 'unit.move', done });
}

export function retireUnit(args: Arguments, units: Units): number {
  const code = args.positionals[0] ?? '';
  const { into } = args.flags;
  const retired = units.retire(code, { ...readWhen(args), into: typeof into === 'string' ? into : undefined });
  recordCommand(args.config.data, { action: 'unit.retire', subject: code, ...auditRetirement(retired) });
  const target = `now in ${retired.into}`;
  const lines = [
    `unit ${code} retired on ${formatUnitTime(retired.at)}${retired.into === undefined ? '' : ` into ${retired.into}`}`,
    ...(retired.movedUnits.length > 0 ? [`  units ${target}: ${retired.movedUnits.join(', ')}`] : []),
    ...(retired.movedAgents.length > 0 ? [`  machines ${target}: ${retired.movedAgents.length}`] : []),
    ...(retired.movedCodes > 0 ? [`  enrolment codes ${target}: ${retired.movedCodes}`] : []),
    ...(retired.revokedCodes > 0 ? [`  enrolment codes revoked: ${retired.revokedCodes}`] : []),
  ];
  print(args, {
    value: {
      code,
      into: retired.into ?? null,
      retired_at: new Date(retired.at).toISOString(),
      moved_units: retired.movedUnits,
      moved_agents: retired.movedAgents,
      moved_codes: retired.movedCodes,
      revoked_codes: retired.revokedCodes,
    },
    text: lines.join('\n'),
  });
  return exitCodes.done;
}

interface Done {
  readonly code: string;
  readonly before?: Unit | undefined;
  readonly when: When;
  readonly action: string;
  readonly done: string;
}

/** Writes down what became of the unit, and prints it as it was then: it may be retired by now. */
function printUnit(args: Arguments, units: Units, { code, before, when, action, done }: Done): number {
  const after = units.details(code, when.from);
  recordCommand(args.config.data, { action, subject: code, ...auditUnit({ before, after, from: when.from }) });
  print(args, { value: after ? unitAsJson(after) : { code }, text: `unit ${code} ${done}` });
  return exitCodes.done;
}

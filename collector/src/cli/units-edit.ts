/** `vonggac units add`, `change`, `move` and `retire`. */
import { recordCommand } from '../registry/audit-commands.ts';
import { formatUnitTime } from '../registry/unit-times.ts';
import type { Units } from '../registry/units.ts';
import { type Arguments, exitCodes, print, required, UsageError } from './command.ts';
import { readAttributes, readNewCode, readWhen } from './units-flags.ts';
import { unitAsJson } from './units-list.ts';

export function addUnit(args: Arguments, units: Units): number {
  const code = readNewCode(args.positionals[0] ?? '');
  const name = required(args, 'name');
  const attributes = readAttributes(args);
  recorded(args, units, {
    code,
    action: 'unit.add',
    change: () => units.add({ ...attributes, code, name }, readWhen(args)),
  });
  return printUnit(args, units, { code, done: 'added' });
}

export function changeUnit(args: Arguments, units: Units): number {
  const code = args.positionals[0] ?? '';
  const patch = readAttributes(args);
  if (Object.keys(patch).length === 0) throw new UsageError('nothing to change: name an attribute, as in --name NAME');
  recorded(args, units, { code, action: 'unit.change', change: () => units.change(code, patch, readWhen(args)) });
  return printUnit(args, units, { code, done: 'changed' });
}

export function moveUnit(args: Arguments, units: Units): number {
  const code = args.positionals[0] ?? '';
  const { to, top } = args.flags;
  if ((typeof to === 'string') === (top === true))
    throw new UsageError('name the new parent: --to CODE, or --top for none');
  const parent = typeof to === 'string' ? to : null;
  recorded(args, units, { code, action: 'unit.move', change: () => units.change(code, { parent }, readWhen(args)) });
  return printUnit(args, units, { code, done: parent === null ? 'moved to the top' : `moved below ${parent}` });
}

export function retireUnit(args: Arguments, units: Units): number {
  const code = args.positionals[0] ?? '';
  const { into } = args.flags;
  const retired = recorded(args, units, {
    code,
    action: 'unit.retire',
    change: () => units.retire(code, { ...readWhen(args), into: typeof into === 'string' ? into : undefined }),
  });
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

/** Makes a change and writes down what it made of the unit. */
function recorded<T>(
  args: Arguments,
  units: Units,
  what: { readonly code: string; readonly action: string; readonly change: () => T },
): T {
  const look = () => {
    const unit = units.list().find(({ code }) => code === what.code);
    return unit && { unit: JSON.stringify(unitAsJson(unit)) };
  };
  const before = look();
  const result = what.change();
  recordCommand(args.config.data, { action: what.action, subject: what.code, before, after: look() });
  return result;
}

function printUnit(args: Arguments, units: Units, result: { code: string; done: string }): number {
  const unit = units.list().find(({ code }) => code === result.code);
  print(args, { value: unit ? unitAsJson(unit) : { code: result.code }, text: `unit ${result.code} ${result.done}` });
  return exitCodes.done;
}

import { type Role, roleProblem, type unitRoles } from '../registry/roles.ts';
import type { Units } from '../registry/units.ts';
import { type Arguments, CommandFailed, UsageError } from './command.ts';

/** The unit that `--unit` limits a role to. Throws UsageError and CommandFailed. */
export function readUnit(
  args: Arguments,
  { role, holder, units }: { role: Role; holder: keyof typeof unitRoles; units: Pick<Units, 'get'> },
): string | undefined {
  const { unit } = args.flags;
  const code = typeof unit === 'string' ? unit : undefined;
  const problem = roleProblem({ role, unit: code }, holder);
  if (problem !== undefined) throw new UsageError(`--unit: ${problem}`);
  if (code !== undefined && !units.get(code)) throw new CommandFailed(`there is no unit ${code}: see "vonggac units"`);
  return code;
}

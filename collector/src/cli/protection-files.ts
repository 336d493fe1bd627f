/** What commands read of protection: the collector's files, whether it runs or not. */

import type { MachineProtection } from '../protection/machine-watch.ts';
import { ProtectionFile } from '../protection/protection-file.ts';
import { Agents } from '../registry/agents.ts';
import { openRegistry } from '../registry/database.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import { Units } from '../registry/units.ts';
import { type Arguments, CommandFailed } from './command.ts';

/** Machines that are not revoked, as they were judged last. One that was never judged is left out. */
export function readMachines({ config, flags }: Arguments): MachineProtection[] {
  const registry = openRegistry(config.data);
  const file = new ProtectionFile(config.data);
  try {
    const codes = codesBelow(new Units(registry), flags.unit);
    const states = file.all();
    return new Agents(registry).all().flatMap((record) => {
      const state = states.get(record.id);
      const isAsked = record.revokedAt === undefined && (codes?.has(record.unit) ?? true);
      return state && isAsked ? [{ ...state, record }] : [];
    });
  } finally {
    file.stop();
    registry.close();
  }
}

/** The unit of `--unit` and all below it; undefined for all units. Throws CommandFailed. */
export function codesBelow(units: Units, unit: unknown): ReadonlySet<string> | undefined {
  if (typeof unit !== 'string') return undefined;
  if (!units.get(unit)) throw new CommandFailed(`there is no unit ${unit}`);
  return unitAndBelow(units.list(), unit);
}

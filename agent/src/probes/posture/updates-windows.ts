/** Updates of Windows: what its last search found, by the script twice a day; whether it installs them by itself, by the registry. */
import { registryNumber } from '../../system/registry-query.ts';
import { powershellTime } from '../windows/known-time.ts';
import type { ScriptAnswer } from '../windows/powershell-turns.ts';
import { countOf, objectOf, textOf } from '../windows/script-answer.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import type { PostureFields, PosturePart } from './posture.ts';

const policy = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU';
const service = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\wuauserv';
const disabled = 4;
/** Downloads and installs by a schedule. */
const installs = 4;

export function updatesPart(machine: WindowsMachine): PosturePart {
  return {
    name: 'updates',
    async read(_context, signal) {
      const ask = { signal, seconds: keepFor.settings };
      const rules = await machine.key(policy, ask);
      const auto = automaticUpdates({
        isOff: registryNumber(rules, 'NoAutoUpdate') === 1,
        option: registryNumber(rules, 'AUOptions'),
        start: registryNumber(await machine.key(service, ask), 'Start'),
        isClient: await machine.isClient(signal),
      });
      return { ...updateFields(await machine.powershell.ask('updates', signal)), auto_updates: auto };
    },
  };
}

/** Without a policy, Windows 10 and later for work installs by itself; what a server does is not in the registry. */
export function automaticUpdates(found: {
  readonly isOff: boolean;
  readonly option: number | undefined;
  readonly start: number | undefined;
  readonly isClient: boolean | undefined;
}): boolean | undefined {
  if (found.isOff || found.start === disabled) return false;
  if (found.option !== undefined) return found.option === installs;
  return found.isClient === true && found.start !== undefined ? true : undefined;
}

export function updateFields(answer: ScriptAnswer | undefined): PostureFields {
  if (answer === undefined) return { problem: 'not searched for yet' };
  if (answer.fields === undefined) return { problem: messageOf(answer.error) };
  const updates = objectOf(answer.fields.updates);
  const oldest = powershellTime(updates?.oldest);
  const checked = powershellTime(answer.fields.checked);
  return {
    updates: countOf(updates?.total),
    security_updates: countOf(updates?.security),
    ...(oldest !== undefined && { oldest_update_seconds: oldest / 1_000 }),
    ...(checked !== undefined && { update_check_seconds: checked / 1_000 }),
    ...(updates === undefined && {
      problem: `Windows Update answers ${textOf(answer.fields.updates_error) ?? 'nothing'}`,
    }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Agents } from '../registry/agents.ts';
import { recordCommand } from '../registry/audit-commands.ts';
import { type Arguments, CommandFailed, exitCodes, print, UsageError } from './command.ts';

/** `vonggac agents rotate-key ID|--all`: the agents make themselves new keys, at once or when they connect. */
export function rotateKeys(args: Arguments, { agents, id }: { agents: Agents; id: string | undefined }): number {
  const isAll = args.flags.all === true;
  if (isAll === (id !== undefined)) throw new UsageError('name one agent, or give --all');
  const asked = agents.askForKey(isAll ? 'all' : String(id), Date.now());
  if (asked === 0 && !isAll) {
    throw new CommandFailed(`no agent ${id} that could be asked for a new key: see "vonggac agents"`);
  }
  recordCommand(args.config.data, { action: 'agent.rotate-key', subject: id ?? 'all', after: { agents: asked } });
  const text = `${asked === 1 ? 'one agent is' : `${asked} agents are`} asked for a new key, as soon as connected`;
  print(args, { value: { asked }, text });
  return exitCodes.done;
}

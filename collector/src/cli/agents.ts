import { relayOf } from '../registry/agent-relay.ts';
import { type AgentRecord, Agents } from '../registry/agents.ts';
import { recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { listPending, openPending, pendingActions } from './agents-pending.ts';
import { rotateKeys } from './agents-rotate-key.ts';
import {
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage = 'agents [list | pending | accept ID | refuse ID | revoke ID | rotate-key ID|--all]';

function asJson(agent: AgentRecord) {
  return {
    id: agent.id,
    name: agent.hostname,
    unit: agent.unit,
    class: agent.class,
    platform: agent.platform,
    version: agent.version,
    enrolled_at: new Date(agent.enrolledAt).toISOString(),
    way: agent.way ?? null,
    last_seen: agent.lastSeen === undefined ? null : new Date(agent.lastSeen).toISOString(),
    revoked_at: agent.revokedAt === undefined ? null : new Date(agent.revokedAt).toISOString(),
    key_since: new Date(agent.keySince).toISOString(),
    new_key_asked_at: agent.rotateKeyAskedAt === undefined ? null : new Date(agent.rotateKeyAskedAt).toISOString(),
  };
}

/** `direct`, `via HOST:PORT`, `relay NAME`; nothing of one that never came. */
function wayText(agent: AgentRecord, all: readonly AgentRecord[]): string {
  const { way } = agent;
  if (!way || way.kind === 'direct') return way?.kind ?? '';
  const name = way.kind === 'relay' ? relayOf(agent, all)?.hostname : undefined;
  return `${way.kind} ${name ?? way.address}`;
}

/** `vonggac agents`: the enrolled machines; `revoke` ends one's access at once. */
export const agentsCommand: Command = {
  usage,
  summary: 'machines: list, those that wait to be accepted, accept, refuse, revoke, ask for a new key',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { all: 'boolean' } });
    const [action = 'list', id] = parsed.positionals;
    const database = openRegistry(parsed.config.data);
    try {
      if (action === 'pending') return listPending(parsed, openPending(parsed, database));
      const decide = Object.hasOwn(pendingActions, action) ? pendingActions[action] : undefined;
      if (decide && id !== undefined) return decide(parsed, { id, pending: openPending(parsed, database) });
      const agents = new Agents(database);
      if (action === 'list') {
        const all = agents.all();
        const rows = all.map((agent) => [
          agent.id,
          agent.hostname,
          agent.unit,
          agent.class,
          agent.version,
          localTime(agent.lastSeen),
          wayText(agent, all),
          agent.revokedAt === undefined ? '' : 'revoked',
        ]);
        print(parsed, {
          value: { items: all.map(asJson), next: null },
          text:
            all.length === 0
              ? 'no agents yet: make a code with "vonggac codes create"'
              : table(['ID', 'NAME', 'UNIT', 'CLASS', 'VERSION', 'LAST SEEN', 'WAY', ''], rows),
        });
        return exitCodes.done;
      }
      if (action === 'rotate-key') return rotateKeys(parsed, { agents, id });
      if (action !== 'revoke' || id === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      if (!agents.revoke(id, Date.now()))
        throw new CommandFailed(`no agent ${id} that could be revoked: see "vonggac agents"`);
      recordCommand(parsed.config.data, { action: 'agent.revoke', subject: id, after: { revoked: true } });
      print(parsed, { value: { revoked: id }, text: `${id} revoked; its connection is closed within a second` });
      return exitCodes.done;
    } finally {
      database.close();
    }
  },
};

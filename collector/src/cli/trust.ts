import { Agents } from '../registry/agents.ts';
import { recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { Authority, type CertificateInfo } from '../trust/authority.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage = 'trust [show | rotate | rotate --now [--force]]';

/** A running collector tells connected agents within this time. */
const spreadMs = 30_000;

/** `vonggac trust`: the collector's own authority, and its change without enrolling anybody again. */
export const trustCommand: Command = {
  usage,
  summary: "the collector's own authority: show, rotate",
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { now: 'boolean', force: 'boolean' } });
    const [action = 'show'] = parsed.positionals;
    const authority = new Authority(parsed.config.data, Date.now);
    await authority.credentials();
    if (action === 'show') return show(parsed, authority);
    if (action !== 'rotate') throw new UsageError(`usage: vonggac ${usage}`);
    return parsed.flags.now === true ? promote(parsed, authority) : prepare(parsed, authority);
  },
};

function show(args: Arguments, authority: Authority): number {
  const names = { ca: 'root', 'next-ca': 'next root', leaf: "certificate of the agents' port" } as const;
  const found = (Object.keys(names) as (keyof typeof names)[]).flatMap((name) => {
    const info = authority.info(name);
    return info ? [{ name, info }] : [];
  });
  print(args, {
    value: { items: found.map(({ name, info }) => ({ name, ...asJson(info) })) },
    text: table(
      ['WHAT', 'VALID UNTIL', 'PIN'],
      found.map(({ name, info }) => [names[name], localTime(info.validTo), name === 'leaf' ? '' : info.pin]),
    ),
  });
  return exitCodes.done;
}

function asJson(info: CertificateInfo) {
  return {
    pin: info.pin,
    valid_from: new Date(info.validFrom).toISOString(),
    valid_to: new Date(info.validTo).toISOString(),
  };
}

async function prepare(args: Arguments, authority: Authority): Promise<number> {
  const isNew = authority.info('next-ca') === undefined;
  const next = await authority.prepareNext();
  if (isNew) recordCommand(args.config.data, { action: 'trust.prepare', subject: next.pin });
  const missing = notSeenSince(args, next.validFrom);
  print(args, {
    value: { next: asJson(next), agents_to_come: missing.length },
    text: [
      `the next root is prepared (pin ${next.pin}); agents learn it whenever they connect`,
      `${missing.length} agent(s) have not connected since; when all have, run "vonggac trust rotate --now"`,
    ].join('\n'),
  });
  return exitCodes.done;
}

function promote(args: Arguments, authority: Authority): number {
  const next = authority.info('next-ca');
  if (!next) throw new CommandFailed('no next root is prepared: run "vonggac trust rotate" first');
  const missing = notSeenSince(args, next.validFrom);
  if (missing.length > 0 && args.flags.force !== true) {
    throw new CommandFailed(
      `${missing.length} agent(s) have not learned the next root and would have to be enrolled again ` +
        `(${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}): wait for them, or add --force`,
    );
  }
  const before = { root: authority.pin };
  authority.promoteNext();
  recordCommand(args.config.data, { action: 'trust.promote', subject: next.pin, before, after: { root: next.pin } });
  print(args, {
    value: { root: asJson(next), left_behind: missing },
    text: [
      'the next root is the root now; codes that were made before no longer work',
      'make a backup now: those made before hold the old root, which machines no longer trust',
    ].join('\n'),
  });
  return exitCodes.done;
}

/** Host names of agents that did not connect after `time` and so cannot know what was told since. */
function notSeenSince(args: Arguments, time: number): string[] {
  const database = openRegistry(args.config.data);
  try {
    return new Agents(database)
      .all()
      .filter((agent) => agent.revokedAt === undefined && (agent.lastSeen ?? 0) < time + spreadMs)
      .map((agent) => agent.hostname);
  } finally {
    database.close();
  }
}

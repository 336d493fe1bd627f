import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentClass, formatFullCode, formatShortCode } from '@vonggac/shared';
import { reachableAddresses } from '../collector.ts';
import type { Config } from '../config.ts';
import { recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { type EnrolmentCodeRecord, EnrolmentCodes } from '../registry/enrolment-codes.ts';
import { Units } from '../registry/units.ts';
import { Authority } from '../trust/authority.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  parseDuration,
  print,
  readArguments,
  required,
  table,
  UsageError,
} from './command.ts';

const usage = 'codes [list | create --unit CODE --class server|gateway|pc [--uses N] [--expires 7d] | revoke ID]';
const maxUses = 10_000;

/** `vonggac codes`: enrolment codes; a code is shown once, when it is made. */
export const codesCommand: Command = {
  usage,
  summary: 'enrolment codes: list, create, revoke',
  async run(args) {
    const parsed = readArguments(args, {
      usage,
      flags: { unit: 'string', class: 'string', uses: 'string', expires: 'string' },
    });
    const [action = 'list', id] = parsed.positionals;
    const database = openRegistry(parsed.config.data);
    try {
      const codes = new EnrolmentCodes(database);
      if (action === 'list') return list(parsed, codes);
      if (action === 'create') return await create(parsed, { codes, units: new Units(database) });
      if (action !== 'revoke' || id === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      if (!codes.revoke(id, Date.now()))
        throw new CommandFailed(`no code ${id} that could be revoked: see "vonggac codes"`);
      recordCommand(parsed.config.data, { action: 'code.revoke', subject: id, after: { revoked: true } });
      print(parsed, { value: { revoked: id }, text: `${id} revoked` });
      return exitCodes.done;
    } finally {
      database.close();
    }
  },
};

function stateOf(code: EnrolmentCodeRecord): string {
  if (code.revokedAt !== undefined) return 'revoked';
  if (code.usesLeft === 0) return 'used up';
  return code.expiresAt <= Date.now() ? 'expired' : 'usable';
}

function list(args: Arguments, codes: EnrolmentCodes): number {
  const all = codes.all();
  const rows = all.map((code) => [
    code.id,
    code.unit,
    code.class,
    `${code.uses - code.usesLeft} of ${code.uses}`,
    localTime(code.expiresAt),
    stateOf(code),
  ]);
  print(args, {
    value: {
      items: all.map((code) => ({
        id: code.id,
        unit: code.unit,
        class: code.class,
        uses: code.uses,
        uses_left: code.usesLeft,
        expires_at: new Date(code.expiresAt).toISOString(),
        state: stateOf(code),
      })),
      next: null,
    },
    text: all.length === 0 ? 'no codes yet' : table(['ID', 'UNIT', 'CLASS', 'USED', 'EXPIRES', 'STATE'], rows),
  });
  return exitCodes.done;
}

async function create(args: Arguments, registry: { codes: EnrolmentCodes; units: Units }): Promise<number> {
  const unit = required(args, 'unit');
  if (!registry.units.get(unit)) {
    const known = registry.units.all().map(({ code }) => code);
    throw new CommandFailed(`there is no unit ${unit}; known are ${known.slice(0, 20).join(', ') || 'none'}`);
  }
  const agentClass = AgentClass.safeParse(required(args, 'class'));
  if (!agentClass.success) throw new UsageError('--class is server, gateway or pc');
  const uses = Number(args.flags.uses ?? 1);
  if (!Number.isInteger(uses) || uses < 1 || uses > maxUses)
    throw new UsageError(`--uses is a number from 1 to ${maxUses}`);
  const now = Date.now();
  const expiresAt = now + parseDuration(String(args.flags.expires ?? '7d'));

  const authority = new Authority(args.config.data, Date.now);
  await authority.credentials();
  const { token, record } = registry.codes.create({ unit, class: agentClass.data, uses, expiresAt, now });
  const after = { unit, class: record.class, uses, expires_at: new Date(expiresAt).toISOString() };
  recordCommand(args.config.data, { action: 'code.create', subject: record.id, after });
  const code = { token, pin: authority.pin, addresses: addressesOf(args.config) };
  const full = formatFullCode(code);
  const short = formatShortCode(code);
  print(args, {
    value: {
      id: record.id,
      code: full,
      short_code: short,
      addresses: code.addresses,
      expires_at: new Date(expiresAt).toISOString(),
    },
    text: [
      `code ${record.id} for ${unit}, class ${record.class}, ${uses} use(s), until ${localTime(expiresAt)}; shown only now:`,
      '',
      `  vonggac-agent enrol ${full}`,
      '',
      'by phone:',
      `  vonggac-agent enrol ${short} --address ${code.addresses[0]}`,
    ].join('\n'),
  });
  return exitCodes.done;
}

/** The addresses of the configuration, or those of this machine with the port of the running collector. */
export function addressesOf(config: Config): readonly string[] {
  if (config.agents.addresses.length > 0) return config.agents.addresses;
  return reachableAddresses(runningPort(config) ?? config.agents.port);
}

function runningPort(config: Config): number | undefined {
  try {
    const runtime = JSON.parse(readFileSync(join(config.data, 'runtime.json'), 'utf8')) as { agentsPort?: unknown };
    return typeof runtime.agentsPort === 'number' ? runtime.agentsPort : undefined;
  } catch {
    return undefined;
  }
}

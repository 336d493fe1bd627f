import { AgentClass, formatFullCode, formatShortCode } from '@vonggac/shared';
import { codeAddresses } from '../code-addresses.ts';
import type { Config } from '../config.ts';
import { osUser, recordCommand } from '../registry/audit-commands.ts';
import { auditCode } from '../registry/code-audit.ts';
import { CodeUses } from '../registry/code-uses.ts';
import { openRegistry } from '../registry/database.ts';
import {
  codeStateOf,
  type EnrolmentCodeRecord,
  EnrolmentCodes,
  maxCodeLifeMs,
  maxUses,
} from '../registry/enrolment-codes.ts';
import { readRuntimeFile } from '../registry/runtime-file.ts';
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

const usage = [
  'codes [list',
  'create --unit CODE --class server|gateway|pc [--uses N] [--expires 7d] [--approve]',
  'show ID',
  'revoke ID]',
].join(' | ');
/** `show` prints as many of the last uses; the API has all that are kept. */
const shownUses = 100;

/** `vonggac codes`: enrolment codes; a code is shown once, when it is made. */
export const codesCommand: Command = {
  usage,
  summary: 'enrolment codes: list, create (--approve: a person accepts each machine), show who used one, revoke',
  async run(args) {
    const parsed = readArguments(args, {
      usage,
      flags: { unit: 'string', class: 'string', uses: 'string', expires: 'string', approve: 'boolean' },
    });
    const [action = 'list', id] = parsed.positionals;
    const database = openRegistry(parsed.config.data);
    try {
      const codes = new EnrolmentCodes(database);
      if (action === 'list') return list(parsed, codes);
      if (action === 'create') return await create(parsed, { codes, units: new Units(database) });
      if (action === 'show' && id !== undefined) return show(parsed, { id, codes, uses: new CodeUses(database) });
      if (action === 'revoke' && id !== undefined) return revoke(parsed, { id, codes });
      throw new UsageError(`usage: vonggac ${usage}`);
    } finally {
      database.close();
    }
  },
};

function revoke(args: Arguments, { id, codes }: { id: string; codes: EnrolmentCodes }): number {
  const revoked = codes.revoke(id, { by: osUser(), now: Date.now() });
  if (!revoked) throw new CommandFailed(`no code ${id} that could be revoked: see "vonggac codes"`);
  const after = { revoked: true, refused_machines: revoked.refused };
  recordCommand(args.config.data, { action: 'code.revoke', subject: id, after });
  const machines = revoked.refused === 0 ? '' : `; machines that waited with it and are refused: ${revoked.refused}`;
  print(args, { value: { revoked: id, refused_machines: revoked.refused }, text: `${id} revoked${machines}` });
  return exitCodes.done;
}

function asJson(code: EnrolmentCodeRecord) {
  return {
    id: code.id,
    unit: code.unit,
    class: code.class,
    uses: code.uses,
    uses_left: code.usesLeft,
    approve: code.approve,
    created_at: new Date(code.createdAt).toISOString(),
    created_by: code.createdBy ?? null,
    expires_at: new Date(code.expiresAt).toISOString(),
    revoked_at: code.revokedAt === undefined ? null : new Date(code.revokedAt).toISOString(),
    state: codeStateOf(code, Date.now()),
  };
}

function stateText(code: EnrolmentCodeRecord): string {
  return codeStateOf(code, Date.now()).replace('_', ' ');
}

function list(args: Arguments, codes: EnrolmentCodes): number {
  const all = codes.all();
  const rows = all.map((code) => [
    code.id,
    code.unit,
    code.class,
    `${code.uses - code.usesLeft} of ${code.uses}`,
    code.approve ? 'yes' : 'no',
    localTime(code.expiresAt),
    code.createdBy ?? '',
    stateText(code),
  ]);
  const header = ['ID', 'UNIT', 'CLASS', 'USED', 'APPROVE', 'EXPIRES', 'BY', 'STATE'];
  print(args, {
    value: { items: all.map(asJson), next: null },
    text: all.length === 0 ? 'no codes yet' : table(header, rows),
  });
  return exitCodes.done;
}

function show(args: Arguments, { id, codes, uses }: { id: string; codes: EnrolmentCodes; uses: CodeUses }): number {
  const code = codes.get(id);
  if (!code) throw new CommandFailed(`there is no code ${id}: see "vonggac codes"`);
  const last = uses.list(id, { limit: shownUses });
  const rows = last.map((use) => [
    localTime(use.at),
    use.outcome.replaceAll('_', ' '),
    use.address,
    use.hostname,
    use.agent ?? '',
  ]);
  print(args, {
    value: { ...asJson(code), last_uses: last.map((use) => ({ ...use, at: new Date(use.at).toISOString() })) },
    text: [
      `code ${id} for ${code.unit}, class ${code.class}, ${stateText(code)}`,
      `${code.uses - code.usesLeft} of ${code.uses} use(s) taken, until ${localTime(code.expiresAt)}`,
      `each machine ${code.approve ? 'waits to be accepted' : 'is let in at once'}`,
      `made ${localTime(code.createdAt)} by ${code.createdBy ?? 'an older version'}`,
      '',
      last.length === 0 ? 'not used yet' : table(['TIME', 'OUTCOME', 'ADDRESS', 'HOSTNAME', 'AGENT'], rows),
    ].join('\n'),
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
  const lifeMs = parseDuration(String(args.flags.expires ?? '7d'));
  if (lifeMs === 0 || lifeMs > maxCodeLifeMs) throw new UsageError('--expires is at most 365d');
  const expiresAt = now + lifeMs;
  const approve = args.flags.approve === true;

  const authority = new Authority(args.config.data, Date.now);
  await authority.credentials();
  const asked = { unit, class: agentClass.data, uses, approve, expiresAt, now };
  const { token, record } = registry.codes.create({ ...asked, createdBy: osUser() });
  recordCommand(args.config.data, { action: 'code.create', subject: record.id, after: auditCode(record) });
  const code = { token, pin: authority.pin, addresses: codeAddresses(args.config, runningPort(args.config)) };
  const full = formatFullCode(code);
  const short = formatShortCode(code);
  print(args, {
    value: {
      id: record.id,
      code: full,
      short_code: short,
      addresses: code.addresses,
      approve,
      expires_at: new Date(expiresAt).toISOString(),
    },
    text: [
      `code ${record.id} for ${unit}, class ${record.class}, ${uses} use(s), until ${localTime(expiresAt)}; shown only now:`,
      '',
      `  vonggac-agent enrol ${full}`,
      '',
      'by phone:',
      `  vonggac-agent enrol ${short} --address ${code.addresses[0]}`,
      ...(approve ? ['', 'each machine then waits for "vonggac agents accept ID"; see "vonggac agents pending"'] : []),
    ].join('\n'),
  });
  return exitCodes.done;
}

/** The port of the running collector, or else of the configuration. */
function runningPort(config: Config): number {
  return readRuntimeFile(config.data)?.agentsPort ?? config.agents.port;
}

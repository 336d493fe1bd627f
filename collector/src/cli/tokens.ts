import { recordCommand } from '../registry/audit-commands.ts';
import { openRegistry } from '../registry/database.ts';
import { isRole, roles } from '../registry/roles.ts';
import { Tokens } from '../registry/tokens.ts';
import { Units } from '../registry/units.ts';
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
import { readUnit } from './role-flags.ts';

const usage = `tokens [list | create --name NAME --role ${roles.join('|')} [--unit CODE] [--expires 90d] | revoke ID]`;

/** `vonggac tokens`: tokens for the API; one is shown once, when it is made. */
export const tokensCommand: Command = {
  usage,
  summary: 'tokens for the API: list, create, revoke',
  async run(args) {
    const parsed = readArguments(args, {
      usage,
      flags: { name: 'string', role: 'string', unit: 'string', expires: 'string' },
    });
    const [action = 'list', id] = parsed.positionals;
    const database = openRegistry(parsed.config.data);
    try {
      const tokens = new Tokens(database);
      if (action === 'list') return list(parsed, tokens);
      if (action === 'create') return create(parsed, { tokens, units: new Units(database) });
      if (action !== 'revoke' || id === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      if (!tokens.revoke(id, Date.now())) {
        throw new CommandFailed(`no token ${id} that could be revoked: see "vonggac tokens"`);
      }
      recordCommand(parsed.config.data, { action: 'token.revoke', subject: id, after: { revoked: true } });
      print(parsed, { value: { revoked: id }, text: `${id} revoked` });
      return exitCodes.done;
    } finally {
      database.close();
    }
  },
};

function list(args: Arguments, tokens: Tokens): number {
  const all = tokens.all();
  const rows = all.map((token) => [
    token.id,
    token.name,
    token.role,
    token.unit ?? '',
    localTime(token.createdAt),
    localTime(token.expiresAt),
    localTime(token.lastUsedAt),
    token.revokedAt === undefined ? '' : 'revoked',
  ]);
  print(args, {
    value: {
      items: all.map((token) => ({
        id: token.id,
        name: token.name,
        role: token.role,
        unit: token.unit ?? null,
        created_at: new Date(token.createdAt).toISOString(),
        expires_at: token.expiresAt === undefined ? null : new Date(token.expiresAt).toISOString(),
        last_used_at: token.lastUsedAt === undefined ? null : new Date(token.lastUsedAt).toISOString(),
        revoked: token.revokedAt !== undefined,
      })),
      next: null,
    },
    text:
      all.length === 0
        ? 'no tokens yet'
        : table(['ID', 'NAME', 'ROLE', 'UNIT', 'CREATED', 'EXPIRES', 'LAST USED', ''], rows),
  });
  return exitCodes.done;
}

function create(args: Arguments, { tokens, units }: { tokens: Tokens; units: Units }): number {
  const role = required(args, 'role');
  if (!isRole(role)) throw new UsageError(`--role is one of ${roles.join(', ')}`);
  const unit = readUnit(args, { role, holder: 'token', units });
  const name = required(args, 'name');
  if (name.length > 100) throw new UsageError('--name has at most 100 characters');
  const now = Date.now();
  const expiresAt = typeof args.flags.expires === 'string' ? now + parseDuration(args.flags.expires) : undefined;
  const { token, record } = tokens.create({ name, role, unit, expiresAt }, now);
  const after = {
    name,
    role,
    unit: unit ?? null,
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  };
  recordCommand(args.config.data, { action: 'token.create', subject: record.id, after });
  print(args, {
    value: { id: record.id, token, name, role, unit: unit ?? null },
    text: `token ${record.id} (${role}${unit === undefined ? '' : ` of ${unit}`}), shown only now:\n\n  ${token}`,
  });
  return exitCodes.done;
}

import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { type Options, stringify } from 'csv-stringify/sync';
import type { AuditEntry } from '../registry/audit-entry.ts';
import { AuditLog } from '../registry/audit-log.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  parseDuration,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage = 'audit [list [--since 7d] | export FILE | --verify]';
const maxListed = 10_000;
const exportRows = 1_000;
const columns = ['seq', 'time', 'actor', 'from', 'action', 'subject', 'before', 'after', 'hash'];

/** `vonggac audit`: who did what; `--verify` walks the chain of hashes, `export` writes it all as CSV. */
export const auditCommand: Command = {
  usage,
  summary: 'who did what: list, verify, export as CSV',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { since: 'string', verify: 'boolean' } });
    const [action = parsed.flags.verify === true ? 'verify' : 'list', file, ...others] = parsed.positionals;
    if (others.length > 0 || (file !== undefined && action !== 'export'))
      throw new UsageError(`usage: vonggac ${usage}`);
    const log = new AuditLog(parsed.config.data);
    try {
      if (action === 'list') return list(parsed, log);
      if (action === 'verify') return verify(parsed, log);
      if (action !== 'export' || file === undefined) throw new UsageError(`usage: vonggac ${usage}`);
      const entries = exportCsv(log, file);
      print(parsed, { value: { file, entries }, text: `${entries} entries written into ${file}` });
      return exitCodes.done;
    } finally {
      log.close();
    }
  },
};

function asJson({ time, source, before, after, ...entry }: AuditEntry) {
  return {
    ...entry,
    from: source,
    time: new Date(time).toISOString(),
    before: before === null ? null : (JSON.parse(before) as unknown),
    after: after === null ? null : (JSON.parse(after) as unknown),
  };
}

function list(args: Arguments, log: AuditLog): number {
  const since = Date.now() - parseDuration(String(args.flags.since ?? '7d'));
  const entries = log.list({ since, limit: maxListed }).reverse();
  const rows = entries.map(({ seq, time, actor, source, action, subject, before, after }) => [
    `${seq}`,
    localTime(time),
    actor,
    source,
    action,
    subject ?? '',
    [before, after].filter((values) => values !== null).join(' -> '),
  ]);
  print(args, {
    value: { items: entries.map(asJson), next: null },
    text:
      rows.length === 0
        ? 'nothing in this time'
        : table(['NUMBER', 'TIME', 'WHO', 'FROM', 'ACTION', 'SUBJECT', 'VALUES'], rows),
  });
  return exitCodes.done;
}

function verify(args: Arguments, log: AuditLog): number {
  const { entries, head, problem, damageRecorded } = log.verify();
  const value = { entries, head, first_broken: problem ?? null, damage_recorded: damageRecorded };
  const lines = problem
    ? [`broken at entry ${problem.seq}: ${problem.detail}`, `before it, as they were written: ${entries}`]
    : [`${entries} entries, all as they were written`, `last: ${head.seq} ${head.hash}`];
  for (const seq of damageRecorded) lines.push(`earlier damage is recorded in entry ${seq}`);
  print(args, { value, text: lines.join('\n') });
  return problem ? exitCodes.failed : exitCodes.done;
}

/** Writes every entry into a new file and returns how many. Throws CommandFailed. */
function exportCsv(log: AuditLog, file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const reason = isThere ? 'it exists already' : (error as Error).message;
    throw new CommandFailed(`cannot write ${file}: ${reason}`, { cause: error });
  }
  try {
    const count = writeCsv(log, (text) => writeSync(descriptor, text));
    fsyncSync(descriptor);
    return count;
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** The log as CSV, piece by piece. */
export function writeCsv(log: Pick<AuditLog, 'entries'>, write: (text: string) => void): number {
  // The mark tells spreadsheets that it is UTF-8; a cell that begins like a formula is made a text.
  const options: Options = { escape_formulas: true };
  let count = 0;
  let rows: unknown[][] = [];
  write(stringify([columns], { ...options, bom: true }));
  for (const { seq, time, actor, source, action, subject, before, after, hash } of log.entries()) {
    rows.push([seq, new Date(time).toISOString(), actor, source, action, subject, before, after, hash]);
    count += 1;
    if (rows.length < exportRows) continue;
    write(stringify(rows, options));
    rows = [];
  }
  write(stringify(rows, options));
  return count;
}

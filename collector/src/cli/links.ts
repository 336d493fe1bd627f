import { LinkDays } from '../connectivity/link-days.ts';
import { linkCauses } from '../connectivity/link-judgement.ts';
import { type LinkInterval, LinkLedger } from '../connectivity/link-ledger.ts';
import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  plain,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';
import { type LinkFiles, printReport } from './links-report.ts';

const usage = 'links [list | show UNIT | report [--month 2026-11] [--unit UNIT] [--csv [--separator ,|;]]]';
const flags = { month: 'string', unit: 'string', csv: 'boolean', separator: 'string' } as const;
const maxShown = 200;

/** `vonggac links`: the units' lines, and a month of them as evidence towards the carrier. */
export const linksCommand: Command = {
  usage,
  summary: "the units' lines: list, show, report",
  async run(args) {
    const parsed = readArguments(args, { usage, flags });
    const [action = 'list', unit, ...others] = parsed.positionals;
    const isShow = action === 'show';
    if (others.length > 0 || isShow !== (unit !== undefined)) throw new UsageError(`usage: vonggac ${usage}`);
    const registry = openRegistry(parsed.config.data);
    const ledger = new LinkLedger(parsed.config.data);
    const files = { ledger, days: new LinkDays(ledger.database), units: new Units(registry) };
    try {
      if (action === 'list') return list(parsed, files);
      if (unit !== undefined) return show(parsed, { ...files, unit });
      if (action === 'report') return printReport(parsed, files);
      throw new UsageError(`usage: vonggac ${usage}`);
    } finally {
      ledger.stop();
      registry.close();
    }
  },
};

function asJson({ id: _, from, to, revision, evidence, ...interval }: LinkInterval) {
  return {
    ...interval,
    from: new Date(from).toISOString(),
    to: to === undefined ? null : new Date(to).toISOString(),
    revision: revision ?? null,
    evidence: evidence.map(({ at, ...rest }) => ({ time: new Date(at).toISOString(), ...rest })),
  };
}

/** Every line of the units' records; one that the collector has not looked at yet is unknown. */
function list(args: Arguments, { ledger, units }: LinkFiles): number {
  const open = new Map(ledger.open().map((interval) => [`${interval.unit}/${interval.link}`, interval]));
  const lines = units
    .list()
    .flatMap(({ code, links = [] }) =>
      links.map((link) => ({ unit: code, link, interval: open.get(`${code}/${link.id}`) })),
    );
  const rows = lines.map(({ unit, link, interval }) => [
    unit,
    link.id,
    link.kind,
    link.carrier ?? '',
    interval?.state ?? 'unknown',
    interval?.cause ?? 'no-evidence',
    localTime(interval?.from),
  ]);
  const value = lines.map(({ unit, link: { id, ...link }, interval }) => ({
    unit,
    link: id,
    kind: link.kind,
    carrier: link.carrier ?? null,
    edge: link.edge ?? null,
    state: interval?.state ?? 'unknown',
    cause: interval?.cause ?? 'no-evidence',
    since: interval ? new Date(interval.from).toISOString() : null,
  }));
  const none = 'no unit has a line: add some with "vonggac units change CODE --links tslcd-1:tslcd:CARRIER:ADDRESS"';
  print(args, {
    value: { items: value, next: null },
    text: rows.length === 0 ? none : table(['UNIT', 'LINK', 'KIND', 'CARRIER', 'STATE', 'CAUSE', 'SINCE'], rows),
  });
  return exitCodes.done;
}

/** What became of a unit's lines, newest last. */
function show(args: Arguments, { ledger, unit }: LinkFiles & { unit: string }): number {
  const all = ledger.intervals({ unit, from: 0, to: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER });
  if (all.length === 0) throw new CommandFailed(`nothing is known of lines of ${unit}: see "vonggac links list"`);
  const found = all.slice(-maxShown);
  const lines = found.flatMap((interval) => {
    const { link, state, cause, from, to, revision, evidence } = interval;
    return [
      `${link}  ${localTime(from)} - ${to === undefined ? 'now' : localTime(to)}  ${state}  ${cause}: ${linkCauses[cause]}`,
      ...(revision === undefined ? [] : [`    revised: ${revision}`]),
      ...evidence.map(({ at, what, facts }) => {
        const told = Object.entries(facts).map(([name, text]) => `${name}: ${text}`);
        return `    ${localTime(at)}  ${[what, ...told].join(', ')}`;
      }),
    ];
  });
  print(args, { value: { items: found.map(asJson), next: null }, text: lines.map(plain).join('\n') });
  return exitCodes.done;
}

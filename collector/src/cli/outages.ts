import { type Outage, verdicts } from '../outages/outage.ts';
import { OutageLedger } from '../outages/outage-ledger.ts';
import { openRegistry } from '../registry/database.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
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

const usage = 'outages [list [--unit UNIT] [--open] | show ID]';
const maxListed = 1_000;

/** `vonggac outages`: when machines were not heard, and what is held to be the cause. */
export const outagesCommand: Command = {
  usage,
  summary: 'when machines were not heard, and why: list, show',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { unit: 'string', open: 'boolean' } });
    const [action = 'list', id, ...others] = parsed.positionals;
    const isShow = action === 'show';
    if (others.length > 0 || isShow !== (id !== undefined)) throw new UsageError(`usage: vonggac ${usage}`);
    const ledger = new OutageLedger(parsed.config.data);
    try {
      if (id !== undefined) return show(parsed, find(ledger, id));
      if (action === 'list') return list(parsed, ledger);
      throw new UsageError(`usage: vonggac ${usage}`);
    } finally {
      ledger.stop();
    }
  },
};

function asJson({ beganAt, endedAt, evidence, revisions, ...outage }: Outage) {
  const instant = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return {
    ...outage,
    incident: outage.incident ?? null,
    began_at: instant(beganAt),
    ended_at: instant(endedAt),
    evidence: evidence.map(({ at, ...rest }) => ({ time: instant(at), ...rest })),
    revisions: revisions.map(({ at, ...rest }) => ({ time: instant(at), ...rest })),
  };
}

/** The newest first. */
function list(args: Arguments, ledger: OutageLedger): number {
  const { unit, open } = args.flags;
  const units = typeof unit === 'string' ? codesBelow(args.config.data, unit) : undefined;
  const found = ledger.list({ units, state: open === true ? 'open' : 'all', limit: maxListed });
  const rows = found.map(({ id, hostname, unit: code, beganAt, endedAt, verdict, confidence }) => [
    `${id}`,
    plain(hostname),
    code,
    localTime(beganAt),
    endedAt === undefined ? 'lasts' : duration(endedAt - beganAt),
    verdict,
    confidence,
  ]);
  print(args, {
    value: { items: found.map(asJson), next: null },
    text:
      rows.length === 0
        ? 'no outage is known'
        : table(['ID', 'MACHINE', 'UNIT', 'HEARD LAST', 'LENGTH', 'VERDICT', 'CONFIDENCE'], rows),
  });
  return exitCodes.done;
}

function show(args: Arguments, outage: Outage): number {
  const { id, agent, hostname, unit, beganAt, endedAt, verdict, confidence, incident } = outage;
  const lines = [
    `outage ${id}: ${hostname} (${agent}) in ${unit}`,
    `heard last ${localTime(beganAt)}, ${endedAt === undefined ? 'not heard since' : `back ${localTime(endedAt)} after ${duration(endedAt - beganAt)}`}`,
    `verdict: ${verdict} (${confidence}): ${verdicts[verdict]}`,
    ...(incident === undefined ? [] : [`told by incident ${incident}`]),
    ...outage.revisions.map(({ at, from, to, why }) => `revised ${localTime(at)}: ${from} -> ${to}, by ${why}`),
    '',
    ...outage.evidence.map(({ at, what, facts }) => {
      const told = Object.entries(facts).map(([name, text]) => `${name}: ${text}`);
      return `${localTime(at)}  ${[what, ...told].join(', ')}`;
    }),
  ];
  print(args, { value: asJson(outage), text: lines.map(plain).join('\n') });
  return exitCodes.done;
}

/** Throws CommandFailed. */
function find(ledger: OutageLedger, id: string): Outage {
  const outage = /^\d{1,15}$/.test(id) ? ledger.get(Number(id)) : undefined;
  if (!outage) throw new CommandFailed(`there is no outage ${id}: see "vonggac outages list"`);
  return outage;
}

/** Throws CommandFailed. */
function codesBelow(data: string, code: string): ReadonlySet<string> {
  const registry = openRegistry(data);
  try {
    const units = new Units(registry).all();
    if (!units.some((each) => each.code === code)) {
      throw new CommandFailed(`there is no unit ${code}: see "vonggac units list"`);
    }
    return unitAndBelow(units, code);
  } finally {
    registry.close();
  }
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

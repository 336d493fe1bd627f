import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ReportMonth } from '../connectivity/link-report.ts';
import { parseInstant } from '../http/instants.ts';
import { proofTime, signatureTimeOf } from '../protection/evidence.ts';
import { sortProducts } from '../protection/guards.ts';
import type { MachineProtection } from '../protection/machine-watch.ts';
import { MalwareStore, type StoredDetection } from '../protection/malware-store.ts';
import {
  type ReportContent,
  type ReportedMachine,
  type ReportedMalware,
  reportMessage,
} from '../protection/report-message.ts';
import { recordCommand } from '../registry/audit-commands.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  print,
  readArguments,
  required,
  UsageError,
} from './command.ts';
import { readMachines } from './protection-files.ts';
import { fileProblem, replaceFile } from './replace-file.ts';

const usage =
  'report malware --format edxml [--month 2026-11 | --from -1d --to now] [--unit UNIT] --out FILE [--certificate FILE --key FILE]';
const flags = {
  format: 'string',
  month: 'string',
  unit: 'string',
  from: 'string',
  to: 'string',
  out: 'string',
  certificate: 'string',
  key: 'string',
} as const;
const pageSize = 1_000;
const vietnamMs = 7 * 3_600_000;

const notAuthoritative =
  'the shape follows guidance 2290/BTTTT-CATTT as seen in the field, without its annex: ask the authority before sending it';
const notSent = 'nothing is sent: sending is not built in, hand the file over by the way that the authority names';

/** `vonggac report malware`: the province's malware report as a signed message in a file. */
export const reportCommand: Command = {
  usage,
  summary: "the province's malware report (edXML) in a file, signed",
  async run(args) {
    const parsed = readArguments(args, { usage, flags });
    const [what, ...others] = parsed.positionals;
    if (what !== 'malware' || others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    if (parsed.flags.format !== 'edxml') throw new UsageError('--format is edxml, the only one there is');
    const out = resolve(required(parsed, 'out'));
    const now = Date.now();
    const period = parsed.flags.month === undefined ? periodOf(parsed, now) : monthOf(parsed, now);
    const content = contentOf(parsed, { ...period, now });
    const signer = signerOf(parsed);
    const message = reportMessage(content);
    const text = signer ? await sign(message, { ...signer, now }) : message;
    try {
      // It names machines and their addresses.
      replaceFile(out, { content: text, mode: 0o600 });
    } catch (cause) {
      throw new CommandFailed(`cannot write ${out}: ${fileProblem(cause)}`, { cause });
    }
    const [machines, detections] = [
      content.machines.length,
      content.malware.reduce((sum, { count }) => sum + count, 0),
    ];
    const isSigned = signer !== undefined;
    const after = { machines, detections, signed: isSigned, ...isoPeriod(period) };
    recordCommand(parsed.config.data, { action: 'report.malware', subject: out, after });
    const unsigned = 'NOT SIGNED: name --certificate and --key, or set them in protection.report';
    print(parsed, {
      value: { file: out, machines, detections, signed: isSigned, sent: false, ...isoPeriod(period) },
      text: [
        `written: ${out} (${machines} machines, ${detections} detections)`,
        isSigned ? 'signed with RSA-SHA256' : unsigned,
        notAuthoritative,
        notSent,
      ].join('\n'),
    });
    return exitCodes.done;
  },
};

interface Period {
  readonly from: number;
  readonly to: number;
}

/** Throws UsageError. */
function periodOf(args: Arguments, now: number): Period {
  const instant = (name: string, fallback: string) => {
    const text = String(args.flags[name] ?? fallback);
    const time = parseInstant(text, now);
    if (time === undefined) throw new UsageError(`--${name}: "${text}" is not an instant: write ISO 8601 or -7d`);
    return time;
  };
  const [from, to] = [instant('from', '-1d'), instant('to', 'now')];
  if (from >= to) throw new UsageError('--from is not before --to');
  if (to > now) throw new UsageError(`--to: ${new Date(to).toISOString()} is still to come`);
  return { from, to };
}

/** A month in Vietnam, or what there is of it until now. Throws UsageError. */
function monthOf({ flags: asked }: Arguments, now: number): Period {
  if (asked.from !== undefined || asked.to !== undefined) throw new UsageError('--month takes no --from and no --to');
  const parsed = ReportMonth.safeParse(asked.month);
  if (!parsed.success) throw new UsageError(`--month: "${asked.month}" is not a month, write it as 2026-11`);
  const [year = 0, month = 0] = parsed.data.split('-').map(Number);
  const start = (index: number) => Date.UTC(year, index) - vietnamMs;
  const from = start(month - 1);
  if (from >= now) throw new UsageError(`--month: ${parsed.data} has not begun`);
  return { from, to: Math.min(start(month), now) };
}

function isoPeriod({ from, to }: Period): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Throws CommandFailed. */
function contentOf(args: Arguments, { from, to, now }: Period & { now: number }): ReportContent {
  const { report: sender, silent_minutes } = args.config.protection;
  const silentMs = silent_minutes * 60_000;
  const { organ_id, organ_name } = sender;
  if (organ_id === undefined || organ_name === undefined) {
    throw new CommandFailed('the report has no sender: set organ_id and organ_name in protection.report');
  }
  const machines = readMachines(args);
  if (machines.length === 0) {
    const where = typeof args.flags.unit === 'string' ? `unit ${args.flags.unit}` : args.config.data;
    throw new CommandFailed(`no machine has told anything in ${where}: a report of none would say that all is well`);
  }
  const names = new Set(machines.map(({ record }) => record.id));
  const store = new MalwareStore(args.config.data, args.config.protection.malware);
  try {
    const malware = malwareOf(store, { from, to }).filter(({ agent }) => names.has(agent));
    return {
      sender: { ...sender, organ_id, organ_name },
      at: now,
      machines: machines
        .map((each) => reportedMachine(each, silentMs))
        .sort((a, b) => (a.name + a.agent < b.name + b.agent ? -1 : 1)),
      malware,
    };
  } finally {
    store.stop();
  }
}

function reportedMachine({ record, evidence, findings }: MachineProtection, silentMs: number): ReportedMachine {
  const isKnown = !findings.some(({ rule }) => rule === 'AV-16');
  return {
    agent: record.id,
    name: record.hostname,
    address: record.addresses[0] ?? '',
    class: record.class,
    system: evidence.system?.name ?? '',
    signatureTime: signatureTimeOf(evidence),
    isGuarded: isKnown && sortProducts(evidence, (proofTime(evidence) ?? 0) - silentMs).active.length > 0,
    hasFirewall: evidence.posture?.firewall === true,
  };
}

/** How often each threat was found on each machine. */
function malwareOf(store: MalwareStore, period: Period): ReportedMalware[] {
  const counts = new Map<string, ReportedMalware>();
  let after: StoredDetection | undefined;
  for (;;) {
    const page = store.list({ ...period, after, limit: pageSize });
    for (const { agent, threat, name, category = 'other' } of page) {
      const key = `${agent} ${threat}`;
      const known = counts.get(key) ?? { agent, name, category, count: 0 };
      counts.set(key, { ...known, count: known.count + 1 });
    }
    if (page.length < pageSize) return [...counts.values()];
    after = page.at(-1);
  }
}

interface SignerFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Undefined when none is named. Throws UsageError. */
function signerOf({ flags: asked, config }: Arguments): SignerFiles | undefined {
  const { report } = config.protection;
  const [certificate, key] = [asked.certificate ?? report.certificate, asked.key ?? report.key];
  if (certificate === undefined && key === undefined) return undefined;
  if (typeof certificate !== 'string' || typeof key !== 'string') {
    throw new UsageError('a signature takes both: --certificate and --key');
  }
  return { certificate, key };
}

/** Throws CommandFailed. */
async function sign(message: string, { certificate, key, now }: SignerFiles & { now: number }): Promise<string> {
  // Loaded here only: no other command needs it.
  const { readSigner, SignatureError, signReport } = await import('../protection/report-signature.ts');
  try {
    return signReport(message, readSigner({ certificate: readText(certificate), key: readText(key) }, now));
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    throw new CommandFailed(`the report cannot be signed: ${cause.message} (${certificate}, ${key})`, { cause });
  }
}

/** Throws CommandFailed. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandFailed(`cannot read ${file}: ${fileProblem(cause)}`, { cause });
  }
}

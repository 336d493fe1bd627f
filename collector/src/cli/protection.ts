import { type Level, levelNames } from '../protection/compliance.ts';
import { proofTime } from '../protection/evidence.ts';
import type { MachineProtection } from '../protection/machine-watch.ts';
import { writeProtectionCsv } from '../protection/protection-csv.ts';
import { hourMs } from '../protection/rules.ts';
import { type Separator, separators } from '../registry/unit-csv.ts';
import { type Command, exitCodes, localTime, print, readArguments, table, UsageError } from './command.ts';
import { readMachines } from './protection-files.ts';

const usage = `protection [--unit UNIT] [--level ${levelNames.join('|')}] [--csv [--separator ,|;]]`;

/** The worst first. */
const order: readonly Level[] = ['unprotected', 'unknown', 'attention', 'protected'];

/** `vonggac protection`: which machines are protected, which are not, of which nobody knows. */
export const protectionCommand: Command = {
  usage,
  summary: 'which machines are protected, and what is wrong with the others',
  async run(args) {
    const flags = { unit: 'string', level: 'string', csv: 'boolean', separator: 'string' } as const;
    const parsed = readArguments(args, { usage, flags });
    const { level, csv, separator = ',' } = parsed.flags;
    if (parsed.positionals.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    if (level !== undefined && !levelNames.some((known) => known === level)) {
      throw new UsageError(`--level is one of ${levelNames.join(', ')}, not "${level}"`);
    }
    if (!isSeparator(separator)) throw new UsageError(`--separator is one of ${separators.join(' ')}`);
    const machines = readMachines(parsed);
    const asked = machines.filter((machine) => level === undefined || machine.level === level).sort(byLevel);
    if (csv === true) {
      process.stdout.write(writeProtectionCsv(asked, { separator }));
      return exitCodes.done;
    }
    const counts = order.map((each) => `${each}: ${machines.filter((machine) => machine.level === each).length}`);
    const rows = asked.map((machine) => [
      machine.record.hostname,
      machine.record.unit,
      machine.record.class,
      machine.level,
      localTime(machine.levelSince),
      machine.findings.map(({ rule, level: grave }) => (grave === 'critical' ? `${rule}!` : rule)).join(' '),
      machine.signatureAgeMs === undefined ? '-' : `${Math.round(machine.signatureAgeMs / hourMs)} h`,
      localTime(proofTime(machine.evidence)),
    ]);
    const header = ['MACHINE', 'UNIT', 'CLASS', 'LEVEL', 'SINCE', 'FINDINGS', 'SIGNATURES', 'PROOF'];
    const text = rows.length === 0 ? 'no machine is known to be so' : table(header, rows);
    print(parsed, {
      value: { items: asked.map(asJson), next: null },
      text: `${text}\n${counts.join(', ')}`,
    });
    return exitCodes.done;
  },
};

function byLevel(a: MachineProtection, b: MachineProtection): number {
  const difference = order.indexOf(a.level) - order.indexOf(b.level);
  return difference || (a.record.hostname < b.record.hostname ? -1 : Number(a.record.hostname > b.record.hostname));
}

function isSeparator(text: unknown): text is Separator {
  return separators.some((known) => known === text);
}

function asJson({ record, level, levelSince, findings, evidence, signatureAgeMs }: MachineProtection) {
  const proof = proofTime(evidence);
  return {
    agent: record.id,
    hostname: record.hostname,
    unit: record.unit,
    class: record.class,
    level,
    level_since: new Date(levelSince).toISOString(),
    proof_at: proof === undefined ? null : new Date(proof).toISOString(),
    signature_age_hours: signatureAgeMs === undefined ? null : Math.round(signatureAgeMs / 360_000) / 10,
    findings: findings.map(({ since, product, ...finding }) => ({
      ...finding,
      product: product ?? null,
      since: new Date(since).toISOString(),
    })),
  };
}

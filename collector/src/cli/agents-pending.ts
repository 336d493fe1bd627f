/** `vonggac agents pending|accept|refuse`: machines that wait for a person's word. */
import type { DatabaseSync } from 'node:sqlite';
import { osUser, recordCommand } from '../registry/audit-commands.ts';
import { auditAccepted, auditRefused } from '../registry/code-audit.ts';
import { keyFingerprint } from '../registry/key-fingerprint.ts';
import { type PendingEnrolment, PendingEnrolments } from '../registry/pending-enrolments.ts';
import { type Arguments, CommandFailed, exitCodes, localTime, print, table } from './command.ts';

interface What {
  readonly id: string;
  readonly pending: PendingEnrolments;
}

type Action = (args: Arguments, what: What) => number;

export const pendingActions: Readonly<Record<string, Action>> = { accept, refuse };

export function openPending(args: Arguments, database: DatabaseSync): PendingEnrolments {
  return new PendingEnrolments(database, { lifeDays: args.config.agents.limits.pending_approval_days });
}

function asJson(waiting: PendingEnrolment) {
  const { publicKey, askedAt, lastAskedAt, system, ...rest } = waiting;
  return {
    ...rest,
    system: system ?? null,
    key_fingerprint: keyFingerprint(publicKey),
    asked_at: new Date(askedAt).toISOString(),
    last_asked_at: new Date(lastAskedAt).toISOString(),
  };
}

export function listPending(args: Arguments, pending: PendingEnrolments): number {
  const all = pending.all(Date.now());
  const rows = all.map((waiting) => [
    waiting.id,
    waiting.hostname,
    waiting.unit,
    waiting.class,
    waiting.system ?? waiting.platform,
    [waiting.address, ...waiting.addresses.filter((own) => own !== waiting.address)].join(' '),
    keyFingerprint(waiting.publicKey),
    localTime(waiting.lastAskedAt),
  ]);
  const header = ['ID', 'NAME', 'UNIT', 'CLASS', 'SYSTEM', 'ADDRESSES', 'KEY FINGERPRINT', 'LAST ASKED'];
  print(args, {
    value: { items: all.map(asJson), next: null },
    text: all.length === 0 ? 'no machine waits to be accepted' : table(header, rows),
  });
  return exitCodes.done;
}

function notWaiting(id: string): CommandFailed {
  return new CommandFailed(`no machine ${id} waits to be accepted: see "vonggac agents pending"`);
}

function accept(args: Arguments, { id, pending }: What): number {
  const agent = pending.accept(id, { by: osUser(), now: Date.now() });
  if (!agent) throw notWaiting(id);
  recordCommand(args.config.data, { action: 'enrolment.accept', subject: id, after: auditAccepted(agent) });
  print(args, {
    value: { accepted: id, agent: agent.id },
    text: `${id} accepted as ${agent.id}; the machine learns it when it asks again, within a minute or so`,
  });
  return exitCodes.done;
}

function refuse(args: Arguments, { id, pending }: What): number {
  const refused = pending.refuse(id, { by: osUser(), now: Date.now() });
  if (!refused) throw notWaiting(id);
  recordCommand(args.config.data, { action: 'enrolment.refuse', subject: id, after: auditRefused(refused) });
  print(args, {
    value: { refused: id },
    text: `${id} refused; its code has the use back: revoke it with "vonggac codes revoke ${refused.code}" if it got into wrong hands`,
  });
  return exitCodes.done;
}

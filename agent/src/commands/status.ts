import { loadIdentity } from '../identity.ts';
import { readStatus } from '../status-file.ts';
import { type CommandContext, CommandFailed, exitCodes, print } from './command.ts';

/** A running agent writes its status three times in this time. */
const freshMs = 30_000;

/** `status`: what the running agent says of itself. Exit code 1 when none runs, 3 when it is not connected. */
export async function statusCommand(context: CommandContext): Promise<number> {
  const { texts, config } = context;
  if (!loadIdentity(config.folder)) throw new CommandFailed(texts.notEnrolled);
  const status = readStatus(config.folder);
  if (!status) throw new CommandFailed(texts.noStatus);
  const now = Date.now();
  if (now - status.time > freshMs) throw new CommandFailed(texts.stale(span(now - status.time)));
  const { uplink, spool, budget } = status;
  const { label } = texts;
  const way = uplink.way === undefined || uplink.address === undefined ? '-' : texts.way[uplink.way](uplink.address);
  const problem = uplink.problem === undefined ? '' : `, ${label.problem}: ${uplink.problem}`;
  const advice = Object.entries(texts.closed).find(([name]) => name === uplink.closedAs)?.[1];
  const rows: [string, string][] = [
    [label.machine, status.agent],
    [label.unit, status.unit],
    [label.version, status.version],
    [label.uplink, `${texts.uplink[uplink.state]} (${way}, ${label.ago(span(now - uplink.since))}${problem})`],
    [label.lastAck, uplink.lastAck === undefined ? label.never : label.ago(span(now - uplink.lastAck))],
    [
      label.spool,
      `${label.records(spool.records, size(spool.bytes))}${spool.lostPoints > 0 ? `, ${spool.lostPoints} ${label.lost}` : ''}`,
    ],
    [label.budget, `${texts.budget[budget.state]} (${label.ofDay(size(budget.usedBytes), size(budget.bytesPerDay))})`],
    [label.clock, uplink.clockOffsetMs === undefined ? '-' : `${uplink.clockOffsetMs / 1_000} s`],
    [label.failures, `${status.probeFailures}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value.replace(/\s+/g, ' ')}`);
  print(context, { value: status, text: [...lines, ...(advice === undefined ? [] : [advice])].join('\n') });
  return uplink.state === 'open' ? exitCodes.done : exitCodes.notReachable;
}

function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function size(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1_024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

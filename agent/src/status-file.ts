/** `status.json`: what a running agent tells the command `status`. The agent has no port to ask. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { budgetStates } from './uplink/spending.ts';

const AgentStatusFile = z.object({
  /** Times in milliseconds since 1970. */
  time: z.number(),
  pid: z.number(),
  version: z.string(),
  agent: z.string(),
  unit: z.string(),
  started: z.number(),
  uplink: z.object({
    state: z.enum(['stopped', 'waiting', 'connecting', 'greeting', 'open']),
    since: z.number(),
    address: z.optional(z.string()),
    way: z.optional(z.enum(['direct', 'via', 'relay'])),
    lastAck: z.optional(z.number()),
    clockOffsetMs: z.optional(z.number()),
    sentBytes: z.number(),
    receivedBytes: z.number(),
    problem: z.optional(z.string()),
    /** Why the collector closed the last connection, as in closeCodes. */
    closedAs: z.optional(z.string()),
  }),
  spool: z.object({ records: z.number(), bytes: z.number(), lostPoints: z.number(), state: z.number() }),
  /** Of the day's bytes. */
  budget: z.object({ state: z.enum(budgetStates), usedBytes: z.number(), bytesPerDay: z.number() }),
  probeFailures: z.number(),
});
export type AgentStatusFile = z.infer<typeof AgentStatusFile>;

function fileIn(folder: string): string {
  return join(folder, 'status.json');
}

/** Never throws: a full disk must not stop the agent for the sake of a report. */
export function writeStatus(folder: string, status: unknown): void {
  try {
    const fresh = `${fileIn(folder)}.new`;
    writeFileSync(fresh, JSON.stringify(status), { mode: 0o600 });
    renameSync(fresh, fileIn(folder));
  } catch {
    // The spool reports the state of the disk.
  }
}

/** Undefined when no agent has written one, or it is damaged. */
export function readStatus(folder: string): AgentStatusFile | undefined {
  try {
    const parsed = AgentStatusFile.safeParse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

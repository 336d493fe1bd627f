/** Outages for the console's tests: the last month, in which something of everything happened, whatever day it is. */
import { dirname } from 'node:path';
import { AvailabilityBooks } from '../../collector/src/availability/books.ts';
import type { TestServer } from '../../collector/src/http/testing/test-server.ts';
import type { Verdict } from '../../collector/src/outages/outage.ts';

const hour = 3_600_000;
const vietnamMs = 7 * hour;

/** The first moment of this month in Vietnam. */
function beginningOfMonth(): number {
  const local = new Date(Date.now() + vietnamMs);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth()) - vietnamMs;
}

/** The month before this one, as in `2026-10`. */
export function lastMonth(): string {
  return new Date(beginningOfMonth() - hour + vietnamMs).toISOString().slice(0, 7);
}

const outages: readonly (readonly [agent: string, verdict: Verdict, ageHours: number, hours: number])[] = [
  ['a-0001', 'agent-stopped', 30, 0.5],
  ['a-0003', 'machine-lost', 70, 6],
  ['a-0003', 'unknown', 40, 1],
  ['a-0006', 'unit-power-loss', 50, 3],
  ['a-0007', 'machine-shut-down', 60, 30],
  ['a-0008', 'machine-shut-down', 45, 12],
  ['a-0010', 'unit-link-down', 26, 5],
  ['a-0011', 'unit-link-down', 26, 5],
];

/** The collector kept account since before that month, and was away for two hours of it. */
export function addOutages(server: TestServer): void {
  const now = beginningOfMonth() - 48 * hour;
  const books = new AvailabilityBooks(dirname(server.database.location() ?? ''));
  books.begin(now - 60 * 24 * hour);
  books.stop();
  for (const { record } of server.live.all()) {
    server.live.put({ ...record, enrolledAt: now - (record.id === 'a-0009' ? 4 : 50) * 24 * hour });
  }
  const { ledger } = server.outages;
  ledger.openGap('stopped', now - 20 * hour);
  ledger.endGap(now - 18 * hour);
  for (const [agent, verdict, ageHours, hours] of outages) {
    const record = server.live.get(agent)?.record;
    if (!record) throw new Error(`there is no machine ${agent}`);
    const { hostname, unit, class: agentClass } = record;
    const beganAt = now - ageHours * hour;
    const about = { agent, hostname, unit, class: agentClass, verdict, beganAt };
    const outage = ledger.open({ ...about, confidence: 'medium', evidence: [] });
    ledger.save({ ...outage, endedAt: beganAt + hours * hour });
  }
}

import { expect, test } from 'vitest';
import { agentRecord } from '../connectivity/testing/live-agents.ts';
import { graceMs, LiveState } from '../live/live-state.ts';
import { OwnGaps } from './own-gaps.ts';

/** A collector with two machines that it heard until it stopped, on a file that outlives it. */
class Restarted {
  now: number;
  readonly file: MemoryFile;
  readonly live: LiveState;
  readonly gaps: OwnGaps;

  constructor(file: MemoryFile, now: number) {
    this.file = file;
    this.now = now;
    this.live = new LiveState(() => this.now);
    for (const id of ['a', 'b']) this.live.put(agentRecord(id, { lastSeen: file.at }));
    this.gaps = new OwnGaps({ ledger: file, live: this.live });
    this.gaps.start(now);
  }

  pass(ms: number, isCutOff = false): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 1_000;
      for (const { record, state } of this.live.all()) if (state === 'online') this.live.heard(record.id);
      this.live.tick();
      this.gaps.tick(this.now, { isCutOff });
    }
  }
}

class MemoryFile {
  at: number | undefined;
  readonly gaps: { cause: string; from: number; to: number | undefined }[] = [];

  openGap(cause: string, from: number): boolean {
    if (this.gaps.at(-1) && this.gaps.at(-1)?.to === undefined) return false;
    this.gaps.push({ cause, from, to: undefined });
    return true;
  }

  endGap(to: number): void {
    const last = this.gaps.at(-1);
    if (last) last.to ??= to;
  }

  aliveAt(): number | undefined {
    return this.at;
  }

  setAlive(at: number): void {
    this.at = at;
  }
}

test('the first start is no gap', () => {
  const { file } = new Restarted(new MemoryFile(), 1_000_000);
  expect(file.gaps).toEqual([]);
});

test('a restart is a gap from the last sign of life until all are back', () => {
  const file = new MemoryFile();
  new Restarted(file, 1_000_000).pass(20_000);
  expect(file.at).toBeGreaterThan(1_014_000);
  const diedAt = file.at;
  const next = new Restarted(file, 1_300_000);
  next.live.connected('a', 0);
  next.pass(10_000);
  expect(file.gaps).toEqual([{ cause: 'stopped', from: diedAt, to: undefined }]);
  next.live.connected('b', 0);
  next.pass(2_000);
  expect(file.gaps).toEqual([{ cause: 'stopped', from: diedAt, to: 1_311_000 }]);
});

test('or until it has waited long enough', () => {
  const file = new MemoryFile();
  new Restarted(file, 1_000_000).pass(20_000);
  new Restarted(file, 1_300_000).pass(graceMs + 5_000);
  expect(file.gaps[0]?.to).toBeGreaterThan(1_300_000 + graceMs - 1_000);
});

test('one that dies again before that goes on with the same gap', () => {
  const file = new MemoryFile();
  new Restarted(file, 1_000_000).pass(20_000);
  const diedAt = file.at;
  new Restarted(file, 1_300_000).pass(10_000);
  new Restarted(file, 1_400_000).pass(graceMs + 5_000);
  expect(file.gaps).toHaveLength(1);
  expect(file.gaps[0]?.from).toBe(diedAt);
});

test('a collector that was held up knows nothing of the time', () => {
  const running = new Restarted(new MemoryFile(), 1_000_000);
  for (const id of ['a', 'b']) running.live.connected(id, 0);
  running.pass(5_000);
  running.now += 120_000;
  running.pass(3_000);
  expect(running.file.gaps).toEqual([{ cause: 'held-up', from: 1_005_000, to: 1_126_000 }]);
});

test('one that is cut off knows nothing until it hears its machines again', () => {
  const running = new Restarted(new MemoryFile(), 1_000_000);
  for (const id of ['a', 'b']) running.live.connected(id, 0);
  running.pass(5_000);
  const cutAt = running.now;
  for (const id of ['a', 'b']) running.live.disconnected(id, 'silent');
  running.live.doubt(cutAt - 20_000);
  running.gaps.cutOff(cutAt - 20_000);
  running.pass(600_000, true);
  expect(running.file.gaps).toEqual([{ cause: 'cut-off', from: cutAt - 20_000, to: undefined }]);
  running.live.trust();
  for (const id of ['a', 'b']) running.live.connected(id, 0);
  running.pass(2_000);
  expect(running.file.gaps[0]?.to).toBe(cutAt + 601_000);
});

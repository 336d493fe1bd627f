import type { StatsFs } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatfsGuard } from './statfs-guard.ts';

const stats: StatsFs = { type: 0, bsize: 1, frsize: 1, blocks: 1, bfree: 1, bavail: 1, files: 1, ffree: 1 };

/** Disks that answer when told to. */
class Disks {
  readonly asked: string[] = [];
  readonly #answers = new Map<string, () => void>();

  statfs(path: string): Promise<StatsFs> {
    this.asked.push(path);
    return new Promise((resolve) => this.#answers.set(path, () => resolve(stats)));
  }

  async answer(path: string): Promise<void> {
    this.#answers.get(path)?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

let disks: Disks;
let guard: StatfsGuard;

/** What became of a question after the guard's patience. */
async function outcome(path: string): Promise<unknown> {
  const answer = guard.ask(path).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(2_000);
  return answer;
}

beforeEach(() => {
  vi.useFakeTimers();
  disks = new Disks();
  guard = new StatfsGuard((path) => disks.statfs(path));
});

afterEach(() => {
  vi.useRealTimers();
});

describe('StatfsGuard', () => {
  it('passes on the answer', async () => {
    const answer = guard.ask('/');
    await disks.answer('/');
    expect(await answer).toEqual(stats);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes on the error', async () => {
    const broken = new StatfsGuard(() => Promise.reject(new Error('EIO')));
    await expect(broken.ask('/')).rejects.toThrow('EIO');
    await expect(broken.ask('/')).rejects.toThrow('EIO');
  });

  it('gives up on a disk that does not answer, and asks it again only when it did', async () => {
    expect(await outcome('/data')).toBe('no answer from /data within 2000 ms');
    expect(await outcome('/data')).toBe('/data still gives no answer');
    expect(disks.asked).toEqual(['/data']);
    await disks.answer('/data');
    const answer = guard.ask('/data');
    await disks.answer('/data');
    expect(await answer).toEqual(stats);
  });

  it('leaves threads to the rest of the agent when several disks are gone', async () => {
    expect(await outcome('/a')).toBe('no answer from /a within 2000 ms');
    expect(await outcome('/b')).toBe('no answer from /b within 2000 ms');
    expect(await outcome('/c')).toBe('/c not asked: others give no answer');
    expect(disks.asked).toEqual(['/a', '/b']);
  });
});

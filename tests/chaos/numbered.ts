/**
 * The numbered measurement: every value is a function of the agent, the tick and the channel. So what is stored tells
 * by itself whether it was ever sent, and whether anything about it was altered.
 *
 * It travels in measurements that the catalogue has: readings as `probe`, one series a channel; events as `inventory`,
 * whose texts are as long as a text may be, and shorter.
 */
import { createHash } from 'node:crypto';
import { limits, type Point, point } from '@vonggac/shared';

export interface Tick {
  readonly agent: string;
  readonly seq: number;
  /** Milliseconds since 1970, by the agent's clock. */
  readonly time: number;
}

/** Every so many ticks there is an event, too. */
const ticksPerEvent = 5;
const textLengths = [1, 2, 31, limits.text / 2, limits.text / 2 + 1, limits.text - 1, limits.text] as const;

export function hasEvent(seq: number): boolean {
  return seq % ticksPerEvent === 0;
}

export function readingsOf(tick: Tick, channels: number): Point[] {
  return Array.from({ length: channels }, (_, channel) => {
    const tags = { probe: channelName(channel) };
    const { failures, duration } = readingOf(tick, tags.probe);
    const fields = { runs: tick.seq, failures, mean_duration_seconds: duration };
    return point('probe', { time: tick.time, tags, fields });
  });
}

export function eventsOf(tick: Tick): Point[] {
  if (!hasEvent(tick.seq)) return [];
  const fields = { cpu_cores: tick.seq, model: textOf(tick) };
  return [point('inventory', { time: tick.time, tags: {}, fields })];
}

export function channelName(channel: number): string {
  return `channel-${channel}`;
}

/** What a reading says besides its number. */
export function readingOf({ agent, seq }: Omit<Tick, 'time'>, channel: string): { failures: number; duration: number } {
  const bytes = hash(`${agent} ${seq} ${channel}`);
  return { failures: bytes.readUInt32BE(0), duration: bytes.readUInt32BE(4) / 1e6 };
}

export function textOf({ agent, seq }: Omit<Tick, 'time'>): string {
  const length = textLengths[(seq / ticksPerEvent) % textLengths.length] ?? 1;
  return hash(`${agent} ${seq}`).toString('base64').repeat(6).slice(0, length);
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Events of Microsoft Defender that tell that its protection was turned off or its history removed. */
import type { WindowsEvent } from '../../system/event-xml.ts';

/** The event by which Windows tells that a channel was cleared; found here by its numbers beginning anew. */
export const channelCleared = 104;

const meanings: Readonly<Record<number, string>> = {
  [channelCleared]: 'its event channel was cleared',
  1013: 'the history of detections was deleted',
  5001: 'real-time protection was turned off',
  5007: 'settings that weaken the protection were changed',
  5010: 'scanning for malware was turned off',
  5012: 'scanning for viruses was turned off',
};
const keptMs = 24 * 3_600_000;
/** Exclusions and the switches of the protection; 5007 is written for any setting. */
const weakens = /\\Exclusions\\|\\Disable(?:RealtimeMonitoring|AntiSpyware|BehaviorMonitoring|IOAVProtection)/i;

export interface Tampering {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export function tamperingOf(events: readonly WindowsEvent[]): Tampering[] {
  return events.filter(isTampering).map(({ id, time }) => ({ id, time }));
}

function isTampering({ id, data }: WindowsEvent): boolean {
  return meanings[id] !== undefined && (id !== 5007 || weakens.test(data.get('New Value') ?? ''));
}

/** What the probe of detections came across, for the probe of states to tell of it. */
export class TamperLog {
  #last: Tampering | undefined;

  add(event: Tampering): void {
    if (this.#last === undefined || event.time >= this.#last.time) this.#last = event;
  }

  /** The latest of the last day, as a sentence. */
  problem(now: number): string | undefined {
    if (this.#last === undefined || now - this.#last.time > keptMs) return undefined;
    const { id, time } = this.#last;
    return `${meanings[id]} at ${new Date(time).toISOString()} (event ${id})`;
  }
}

import { LineMeter } from '../../agent/src/uplink/line-meter.ts';
import type { Pace } from '../../agent/src/uplink/spending.ts';
import { TokenBucket } from '../../agent/src/uplink/token-bucket.ts';

/** What an uplink needs to know of its line, when nothing is to hold it back. */
export function unlimited(): { meter: LineMeter; pace: () => Pace; historyShare: TokenBucket } {
  return {
    meter: new LineMeter(),
    pace: () => ({ state: 'normal', everyMs: 0, history: true }),
    historyShare: new TokenBucket({ bytesPerSecond: () => 1e9, monotonic: () => performance.now() }),
  };
}

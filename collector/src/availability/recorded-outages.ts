/** What the file of outages says, read beside or without a running collector. */
import type { OutageLedger } from '../outages/outage-ledger.ts';
import type { FigureSources } from './figures.ts';

export function recordedOutages(
  ledger: Pick<OutageLedger, 'spans' | 'gaps' | 'aliveAt'>,
  now: number,
): FigureSources['outages'] {
  return {
    between: (query) => ledger.spans(query),
    collectorGaps(from, to) {
      const gaps = ledger.gaps(from, to).map((gap) => ({ from: gap.from, to: gap.to ?? now }));
      // A collector that does not run will only say so when it starts again.
      return [...gaps, { from: ledger.aliveAt() ?? 0, to: now }];
    },
  };
}

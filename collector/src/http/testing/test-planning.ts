import { Availability } from '../../availability/availability.ts';
import { recordedOutages } from '../../availability/recorded-outages.ts';
import { Calendars } from '../../calendar/calendars.ts';
import { CalendarSection } from '../../calendar/settings.ts';
import type { LiveState } from '../../live/live-state.ts';
import type { Units } from '../../registry/units.ts';
import type { TestConnectivity } from './test-connectivity.ts';
import type { TestOutages } from './test-outages.ts';

interface Parts {
  readonly folder: string;
  readonly units: Units;
  readonly live: LiveState;
  readonly outages: TestOutages;
  readonly connectivity: TestConnectivity;
  readonly now: () => number;
}

/** Real parts on real files. */
export function createTestPlanning(parts: Parts): { calendars: Calendars; availability: Availability } {
  const { folder, units, live, outages, connectivity, now } = parts;
  const calendars = new Calendars({ folder, settings: CalendarSection.parse({}), units, now });
  const availability = new Availability({
    folder,
    agents: () => live.all().map(({ record }) => record),
    units,
    outages: {
      between: (query) => recordedOutages(outages.ledger, now()).between(query),
      collectorGaps: (from, to) =>
        outages.ledger.gaps(from, to).map((gap) => ({ from: gap.from, to: gap.to ?? now() })),
    },
    links: { intervals: (query) => connectivity.ledger.intervals(query) },
    planned: calendars.planned,
    zone: calendars.zone,
    now,
  });
  return { calendars, availability };
}

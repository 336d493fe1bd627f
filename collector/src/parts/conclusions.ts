/** Everything that draws conclusions from what agents say, and whoever hears of them. */
import { Availability } from '../availability/availability.ts';
import { Connectivity } from '../connectivity/connectivity.ts';
import { GrafanaDriving } from '../grafana/driving/grafana-driving.ts';
import { IncidentReport } from '../incidents/incident-report.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { Notify } from '../notify/notify.ts';
import { createSurroundings } from '../notify/surroundings.ts';
import { Outages } from '../outages/outages.ts';
import { ownAddresses } from '../outages/own-addresses.ts';
import { Protection } from '../protection/protection.ts';
import { Rules } from '../rules/rules.ts';
import type { Foundations } from './foundations.ts';

/** An agent whose detections of malware could not be kept sends them again. */
const retryDetectionsMs = 5_000;

export interface Conclusions {
  readonly connectivity: Connectivity;
  readonly protection: Protection;
  readonly outages: Outages;
  readonly availability: Availability;
  readonly rules: Rules;
  readonly notify: Notify;
  readonly grafana: GrafanaDriving;
  /** The way into the store past everything that wants to see what agents measure. */
  readonly intake: Pick<Ingest, 'write'>;
  readonly unitsChanged: () => void;
}

/** `push` sends an agent its settings. */
export function drawConclusions(foundations: Foundations, push: (agent: string) => void): Conclusions {
  const { config, stops, calendars, live, units, ingest, audit, logger, now, metrics } = foundations;
  const common = { ...foundations, folder: config.data, registry: metrics.registry };

  const connectivity = new Connectivity({
    ...common,
    settings: config.connectivity,
    isPlanned: (link, at) => calendars.planned.plannedAt(link, at) !== undefined,
    push,
  });
  stops.add('connectivity', () => connectivity.stop());
  connectivity.start();

  const protection = new Protection({ ...common, settings: config.protection });
  stops.add('protection', () => protection.stop());
  protection.start();

  const outages = new Outages({ ...common, connectivity, ownAddresses });
  stops.add('outages', () => outages.stop());
  outages.start();

  const availability = new Availability({
    folder: config.data,
    agents: () => live.all().map(({ record }) => record),
    units,
    outages,
    links: connectivity.ledger,
    planned: calendars.planned,
    zone: calendars.zone,
    now,
  });
  stops.add('availability', () => availability.stop());
  availability.start({ audit, logger });

  const rules = new Rules(common);
  stops.add('rules', () => rules.stop());
  rules.start();

  const incidentReport = new IncidentReport(common);
  stops.add('incident report', () => incidentReport.stop());
  incidentReport.start();

  const grafana = new GrafanaDriving({ ...common, settings: config.grafana, outages: outages.ledger });
  stops.add('grafana', () => grafana.stop());
  grafana.start();

  const { planned, zone } = calendars;
  const notify = new Notify({
    ...common,
    settings: config.notify,
    escalation: config.incidents.escalate_minutes,
    surroundings: createSurroundings({ live, units, planned, zone, consoleUrl: config.console.public_url }),
  });
  stops.add('notifications', () => notify.stop());
  notify.start();

  const intake: Conclusions['intake'] = {
    write: (batch) => {
      connectivity.take(batch);
      outages.take(batch);
      if (!protection.take(batch)) return Promise.resolve({ status: 'retry', afterMs: retryDetectionsMs });
      return ingest.write(batch);
    },
  };
  const unitsChanged = () => {
    for (const each of [calendars, connectivity, protection, outages]) each.unitsChanged();
  };
  return { connectivity, protection, outages, availability, rules, notify, grafana, intake, unitsChanged };
}

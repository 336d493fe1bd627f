/** What `/metrics` tells of the collector's state at the moment of asking. */
import { Gauge, type Registry } from 'prom-client';
import type { Gateway } from './gateway/gateway.ts';
import { incidentKinds } from './incidents/incident.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { LiveState } from './live/live-state.ts';
import type { PendingEnrolments } from './registry/pending-enrolments.ts';

interface Watched {
  readonly pending: Pick<PendingEnrolments, 'count'>;
  readonly incidents: Pick<Incidents, 'openByKind'>;
  readonly gateway: Pick<Gateway, 'openSessions'>;
  readonly live: Pick<LiveState, 'all'>;
  readonly now: () => number;
}

export function addGauges(registry: Registry, { pending, incidents, gateway, live, now }: Watched): void {
  const registers = [registry];
  new Gauge({
    name: 'vonggac_pending_approvals',
    help: 'Machines that wait to be accepted by a person',
    registers,
    collect() {
      this.set(pending.count(now()));
    },
  });
  new Gauge({
    name: 'vonggac_incidents_open',
    help: 'Incidents that are open, by kind',
    labelNames: ['kind'],
    registers,
    collect() {
      const open = incidents.openByKind();
      for (const kind of incidentKinds) this.set({ kind }, open.get(kind) ?? 0);
    },
  });
  new Gauge({
    name: 'vonggac_agent_sessions',
    help: 'Agents connected now',
    registers,
    collect() {
      this.set(gateway.openSessions);
    },
  });
  new Gauge({
    name: 'vonggac_agents',
    help: 'Enrolled agents by state',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const agent of live.all()) this.inc({ state: agent.state });
    },
  });
}

/** What the collector counts of itself, for `/metrics`. Names follow https://prometheus.io/docs/practices/naming/. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    connections: new Counter({
      name: 'vonggac_agent_connections_total',
      help: 'WebSocket connections of agents that were accepted',
      registers,
    }),
    closes: new Counter({
      name: 'vonggac_agent_closes_total',
      help: 'Connections of agents that the collector closed, by the name of the close code',
      labelNames: ['reason'],
      registers,
    }),
    receivedPoints: new Counter({
      name: 'vonggac_points_received_total',
      help: 'Points in batches of agents, before validation',
      registers,
    }),
    storedPoints: new Counter({
      name: 'vonggac_points_stored_total',
      help: 'Points that the store has committed',
      registers,
    }),
    refusedPoints: new Counter({
      name: 'vonggac_points_refused_total',
      help: 'Points that were refused for good, by reason',
      labelNames: ['reason'],
      registers,
    }),
    storeRetries: new Counter({
      name: 'vonggac_store_retries_total',
      help: 'Batches that agents were told to send again later, because the store is away or does not keep up',
      registers,
    }),
    storeWrites: new Histogram({
      name: 'vonggac_store_write_seconds',
      help: 'Time of a write to the store, from the call to the commit',
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
      registers,
    }),
    enrolments: new Counter({
      name: 'vonggac_enrolments_total',
      help: 'Enrolment attempts, by result',
      labelNames: ['result'],
      registers,
    }),
    enrolmentAlarms: new Counter({
      name: 'vonggac_enrolment_alarms_total',
      help: 'Times that wrong enrolment codes were so many that somebody should look: from one address, from everywhere',
      labelNames: ['from'],
      registers,
    }),
    portRefusals: new Counter({
      name: 'vonggac_agents_port_refusals_total',
      help: 'Connections and requests that the agents port turned away before a session, by reason',
      labelNames: ['reason'],
      registers,
    }),
    pacedAcks: new Counter({
      name: 'vonggac_paced_acks_total',
      help: 'Acks that were held back because an agent sent faster than allowed',
      registers,
    }),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;

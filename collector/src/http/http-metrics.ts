import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Counts of the HTTP side, in the registry of the collector's other metrics. */
export function createHttpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: 'vonggac_http_request_duration_seconds',
      help: 'Time to answer HTTP requests, by route and status; streams are left out',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    streams: new Gauge({ name: 'vonggac_streams_open', help: 'Streams of live changes that are open', registers }),
    streamsCut: new Counter({
      name: 'vonggac_streams_cut_total',
      help: 'Streams of live changes that were cut because the client did not read',
      registers,
    }),
  };
}
export type HttpMetrics = ReturnType<typeof createHttpMetrics>;

/** Measures every answer. The route's pattern is the label: addresses are endless. */
export function measureRequests(app: FastifyInstance, metrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    if (reply.getHeader('content-type') === 'text/event-stream') return;
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    metrics.duration.observe(labels, reply.elapsedTime / 1_000);
  });
}

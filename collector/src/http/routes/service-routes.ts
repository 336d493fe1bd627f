import type { Registry } from 'prom-client';
import * as z from 'zod';
import { Problem } from '../problem.ts';
import type { App } from './app.ts';

export interface ServiceRouteOptions {
  readonly metrics: { readonly registry: Registry };
  /** Whether the collector can do its work; otherwise why not, for a person. */
  readonly ready: () => { readonly ready: boolean; readonly problems: readonly string[] };
}

const Health = z.strictObject({ status: z.literal('ok') });
const Readiness = z.strictObject({ status: z.literal('ready') });

/** For whoever watches the collector itself. */
export function addServiceRoutes(app: App, options: ServiceRouteOptions): void {
  app.get(
    '/healthz',
    { config: { permission: 'anyone' }, schema: { summary: 'The process is alive', response: { 200: Health } } },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { permission: 'read-service' },
      schema: { summary: 'The collector can do its work', response: { 200: Readiness } },
    },
    async () => {
      const { ready, problems } = options.ready();
      if (!ready) throw new Problem(503, 'the collector cannot do its work', { name: 'not-ready', problems });
      return { status: 'ready' as const };
    },
  );

  app.get(
    '/metrics',
    {
      config: { permission: 'read-service' },
      schema: { summary: "The collector's own counters", produces: 'text/plain' },
    },
    async (_, reply) => reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics()),
  );
}

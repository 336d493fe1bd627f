import type { Registry } from 'prom-client';
import * as z from 'zod';
import type { SelfWatch } from '../../self-watch/self-watch.ts';
import { CollectorView } from '../collector-schemas.ts';
import { Problem } from '../problem.ts';
import type { App } from './app.ts';

export interface ServiceRouteOptions {
  readonly metrics: { readonly registry: Registry };
  readonly selfWatch: Pick<SelfWatch, 'problems' | 'reading' | 'startedAt'>;
  readonly store: { readonly name: string };
  readonly version: string;
}

const Health = z.strictObject({ status: z.literal('ok') });
const Readiness = z.strictObject({
  status: z.literal('ready'),
  warnings: z.array(z.string()).describe('What will keep it from its work if nobody acts, and what to do'),
});

/** For whoever watches the collector itself. */
export function addServiceRoutes(app: App, options: ServiceRouteOptions): void {
  const { selfWatch } = options;

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
      const found = selfWatch.problems();
      const say = (wanted: 'critical' | 'warning') =>
        found.filter(({ severity }) => severity === wanted).map(({ text, action }) => `${text}; ${action}`);
      const problems = say('critical');
      if (problems.length === 0) return { status: 'ready' as const, warnings: say('warning') };
      throw new Problem(503, 'the collector cannot do its work', { name: 'not-ready', problems });
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

  app.get(
    '/api/v1/collector',
    {
      config: { permission: 'read-service' },
      schema: {
        summary: 'How the collector itself does: what is wrong with it, and what it measured last',
        querystring: z.strictObject({}),
        response: { 200: CollectorView },
      },
    },
    async (): Promise<CollectorView> => {
      const problems = selfWatch.problems();
      const { reading } = selfWatch;
      return {
        version: options.version,
        started_at: new Date(selfWatch.startedAt).toISOString(),
        store: options.store.name,
        ready: problems.every(({ severity }) => severity !== 'critical'),
        problems: problems.map((problem) => ({ ...problem, facts: { ...problem.facts } })),
        ...(reading && { measured_at: new Date(reading.at).toISOString(), values: { ...reading.fields } }),
      };
    },
  );
}

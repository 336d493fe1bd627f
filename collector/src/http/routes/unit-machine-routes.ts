import * as z from 'zod';
import { UnitMachines } from '../schemas.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

type Counts = z.infer<typeof UnitMachines>['items'][number];

/** How many machines are enrolled, to be held against what the units declare. */
export function addUnitMachineRoutes(app: App, options: { readonly scopeOf: ScopeOf }): void {
  app.get(
    '/api/v1/units/machines',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'How many machines each unit has itself, without those of units below it and without revoked ones',
        querystring: z.strictObject({}),
        response: { 200: UnitMachines },
      },
    },
    async ({ identity }) => {
      const counts = new Map<string, Counts>();
      for (const { record, state } of options.scopeOf(identity).agents()) {
        if (state === 'retired') continue;
        const { unit } = record;
        const count = counts.get(unit) ?? { unit, server: 0, gateway: 0, pc: 0 };
        count[record.class] += 1;
        counts.set(unit, count);
      }
      return { items: [...counts.values()].sort((a, b) => (a.unit < b.unit ? -1 : 1)), next: null };
    },
  );
}

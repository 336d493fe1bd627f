import { ruleById, rules } from '@vonggac/shared';
import * as z from 'zod';
import { readRunbook } from '../../rules/runbooks.ts';
import { Problem } from '../problem.ts';
import { RuleList, RuleWithInstances } from '../rule-schemas.ts';
import { viewInstances, viewRule } from '../rule-view.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

/** What is alerted of, why, and what fires now. Rules are part of the program: nobody changes them here. */
export function addRuleRoutes(app: App, { scopeOf }: { readonly scopeOf: ScopeOf }): void {
  app.get(
    '/api/v1/rules',
    {
      config: { permission: 'read' },
      schema: { summary: 'Alert rules, and how many instances are in which state', response: { 200: RuleList } },
    },
    async ({ identity }) => {
      const scope = scopeOf(identity);
      return { items: rules.map((rule) => viewRule(rule, scope.ruleInstances(rule.id))), next: null };
    },
  );

  app.get(
    '/api/v1/rules/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: 'One alert rule with its instances and its runbook',
        params: z.strictObject({ id: z.string() }),
        response: { 200: RuleWithInstances },
      },
    },
    async ({ params, identity }) => {
      const rule = ruleById(params.id);
      if (!rule) throw new Problem(404, 'there is no such rule');
      const instances = scopeOf(identity).ruleInstances(rule.id);
      return {
        ...viewRule(rule, instances),
        instances: viewInstances(rule, instances),
        runbook: await readRunbook(rule.id),
      };
    },
  );
}

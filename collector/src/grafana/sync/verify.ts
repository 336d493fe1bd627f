/** After the writing: many a mistake is answered 200, so what works is looked at, not believed. */
import type { RuleGroupJson } from '@vonggac/dashboards';
import * as z from 'zod';
import type { GrafanaApi } from '../grafana-api.ts';
import { GrafanaRefused } from '../grafana-errors.ts';
import type { SyncContext } from './context.ts';

const Health = z.looseObject({
  data: z.looseObject({
    groups: z.array(
      z.looseObject({
        name: z.string(),
        folderUid: z.string().optional(),
        rules: z.array(
          z.looseObject({ name: z.string(), health: z.string().optional(), lastError: z.string().optional() }),
        ),
      }),
    ),
  }),
});
const Results = z.looseObject({
  results: z.record(z.string(), z.looseObject({ error: z.string().optional(), status: z.number().optional() })),
});

const pollMs = 2_000;
/** A group is evaluated within its interval; the scheduler takes up new ones each ten seconds. */
const slackSeconds = 20;

export interface Verification {
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  readonly healthy: number;
  /** Rules that were not evaluated yet. */
  readonly waiting: number;
}

interface Options {
  readonly groups: readonly RuleGroupJson[];
  /** Whether rules were written, which take their time until they are evaluated. */
  readonly isFresh: boolean;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly now: () => number;
  readonly progress: (text: string) => void;
}

export async function verify({ api }: SyncContext, options: Options): Promise<Verification> {
  options.progress('asking the data source a question');
  const query = await tryQuery(api, options.groups);
  const health = await ruleHealth(api, options);
  return { ...health, problems: [...query, ...health.problems] };
}

/** The query of one rule through its reduction and threshold, as an evaluation would do it. */
async function tryQuery(api: GrafanaApi, groups: readonly RuleGroupJson[]): Promise<readonly string[]> {
  const [rule] = groups.flatMap(({ rules }) => rules);
  if (!rule) return [];
  const [{ relativeTimeRange }] = rule.data;
  const queries = rule.data.map(({ model, datasourceUid }) => ({ ...model, datasourceUid }));
  try {
    const { results } = await api.post('/api/ds/query', {
      what: 'the answer of the data source',
      body: { from: `now-${relativeTimeRange.from}s`, to: 'now', queries },
      answer: Results,
      idempotent: true,
    });
    return Object.values(results).flatMap(({ error }) => (error === undefined ? [] : [notAnswered(error)]));
  } catch (error) {
    if (!(error instanceof GrafanaRefused)) throw error;
    return [notAnswered(error.said || error.message)];
  }
}

function notAnswered(error: string): string {
  return `the data source does not answer Grafana (${error}): check that Grafana reaches it, and its user and password`;
}

async function ruleHealth(api: GrafanaApi, options: Options): Promise<Verification> {
  const { groups, isFresh, pause, now, progress } = options;
  const longest = Math.max(0, ...groups.map(({ interval }) => interval)) + slackSeconds;
  const deadline = now() + (isFresh ? longest * 1_000 : 0);
  for (;;) {
    const found = await lookAtRules(api, groups);
    if (found.waiting === 0 || now() >= deadline) return found;
    progress(`${found.waiting} rules wait for their first evaluation`);
    await pause(pollMs);
  }
}

async function lookAtRules(api: GrafanaApi, groups: readonly RuleGroupJson[]): Promise<Verification> {
  const answer = await api.get('/api/prometheus/grafana/api/v1/rules', {
    what: 'the health of the alert rules',
    answer: Health,
  });
  const rules = groups.flatMap((group) => {
    // Older ones tell the folder's title only.
    const isOurs = ({ name, folderUid = group.folderUid }: { name: string; folderUid?: string | undefined }) =>
      name === group.title && folderUid === group.folderUid;
    const found = answer.data.groups.filter(isOurs).flatMap((one) => one.rules);
    return group.rules.map(({ title }) => ({ title, ...found.find(({ name }) => name === title) }));
  });
  const failing = rules.filter(({ health }) => health === 'error');
  const healthy = rules.filter(({ health }) => health === 'ok' || health === 'nodata').length;
  return {
    problems: failing.map(({ title, lastError }) => `the rule "${title}" fails: ${lastError || 'without a word'}`),
    healthy,
    waiting: rules.length - failing.length - healthy,
  };
}

import type { DashboardJson } from '@vonggac/dashboards';
import * as z from 'zod';
import { path } from '../grafana-api.ts';
import { GrafanaRefused } from '../grafana-errors.ts';
import { folder } from '../made-objects.ts';
import type { Steps, SyncContext } from './context.ts';
import { differences } from './differences.ts';
import { type Found, type ObjectName, refusedStep, type Step, staleStep, stepFor } from './plan.ts';

const prefix = 'vonggac-';
const mark = 'vonggac';
const Hit = z.looseObject({ uid: z.string(), title: z.string(), folderUid: z.string().optional() });
const Stored = z.looseObject({
  dashboard: z.looseObject({ tags: z.array(z.string()).nullish() }),
  meta: z.looseObject({ folderUid: z.string().optional(), provisioned: z.boolean().optional() }),
});
const Saved = z.looseObject({ uid: z.string().optional(), status: z.string().optional() });

/** What each Grafana numbers for itself. */
const own = ['id', 'version', 'iteration', 'schemaVersion'];

export interface FoundDashboards {
  /** All in our folder, whoever made them. */
  readonly inFolder: readonly z.infer<typeof Hit>[];
  /** Those with our mark, wherever they are. */
  readonly ours: readonly z.infer<typeof Hit>[];
}

export async function findDashboards({ api }: SyncContext): Promise<FoundDashboards> {
  const search = (query: Readonly<Record<string, string>>) =>
    api.get('/api/search', {
      what: 'the dashboards',
      query: { type: 'dash-db', limit: '5000', ...query },
      answer: z.array(Hit),
    });
  const all = await search({ folderUIDs: folder.uid });
  const marked = await search({ tag: mark });
  return {
    inFolder: all.filter(({ folderUid }) => folderUid === folder.uid),
    ours: marked.filter(({ uid }) => uid.startsWith(prefix)),
  };
}

export async function dashboardSteps(
  context: SyncContext,
  { dashboards, found }: { dashboards: readonly DashboardJson[]; found: FoundDashboards },
): Promise<Steps> {
  const made: Step[] = [];
  for (const dashboard of dashboards) made.push(await dashboardStep(context, { dashboard, found }));
  const wanted = new Set(dashboards.map(({ uid }) => uid));
  const stale = found.ours
    .filter(({ uid }) => !wanted.has(uid))
    .map(({ uid, title }) =>
      staleStep(
        { kind: 'dashboard', name: title },
        {
          prune: context.prune,
          remove: async () => {
            await context.api.delete(path`/api/dashboards/uid/${uid}`, {
              what: `the dashboard "${title}"`,
              answer: z.unknown(),
            });
          },
        },
      ),
    );
  return { made, stale };
}

async function dashboardStep(
  context: SyncContext,
  { dashboard, found }: { dashboard: DashboardJson; found: FoundDashboards },
): Promise<Step> {
  const { uid, title } = dashboard;
  const object: ObjectName = { kind: 'dashboard', name: title };
  // Up to 11.3 a write would hit the other one, which has the title already.
  const other = found.inFolder.find((hit) => hit.title === title && hit.uid !== uid);
  if (other) {
    return refusedStep(
      object,
      `its title is that of another dashboard in our folder (uid ${other.uid}): rename that one`,
    );
  }
  const what = `the dashboard "${title}"`;
  const stored = await context.api.find(path`/api/dashboards/uid/${uid}`, { what, answer: Stored });
  return stepFor(object, stored && foundOf(stored, { dashboard, context }), {
    adopt: context.adopt,
    write: () => save(context, dashboard),
  });
}

function foundOf(
  { dashboard: stored, meta }: z.infer<typeof Stored>,
  { dashboard, context }: { dashboard: DashboardJson; context: SyncContext },
): Found {
  const isMarked = stored.tags?.includes(mark) === true;
  const [wanted, there] = [dashboard, stored].map((json) =>
    Object.fromEntries(Object.entries(json).filter(([name]) => !own.includes(name))),
  );
  const content = differences(wanted, there, { extras: context.features.keepsDashboards ? 'count' : 'ignore' });
  const differs = [
    ...(meta.folderUid === folder.uid ? [] : [`folder: it is in "${meta.folderUid ?? ''}"`]),
    ...partsOf(content),
  ];
  return { owner: meta.provisioned ? 'file' : isMarked ? 'ours' : 'foreign', differs };
}

/** A dashboard has hundreds of values: `title`, `panels (3)` say where to look. */
function partsOf(places: readonly string[]): readonly string[] {
  const parts = Map.groupBy(places, (where) => where.split('.', 1)[0] ?? '');
  return [...parts].map(([part, within]) => {
    const items = new Set(within.map((where) => where.split('.')[1]));
    return items.has(undefined) ? part : `${part} (${items.size})`;
  });
}

async function save({ api }: SyncContext, dashboard: DashboardJson): Promise<void> {
  const what = `the dashboard "${dashboard.title}"`;
  const saved = await api.post('/api/dashboards/db', {
    what,
    body: { dashboard, folderUid: folder.uid, message: 'vonggac grafana sync', overwrite: true },
    answer: Saved,
    // It has its uid, so the second time replaces the first.
    idempotent: true,
  });
  if (saved.uid === dashboard.uid) return;
  const problem =
    saved.status === 'pending'
      ? 'Grafana only took note of it, and saves nothing by itself'
      : `Grafana saved it as ${saved.uid ?? 'something else'}, which is not its uid: look there at what it replaced`;
  throw new GrafanaRefused(`cannot write ${what}: ${problem}`, { status: 202, said: '' });
}

/** Brings a Grafana to what Vọng Gác makes: looks, plans, writes, and looks again. */
import { GrafanaRefused, GrafanaUnreachable } from '../grafana-errors.ts';
import { folder as ourFolder } from '../made-objects.ts';
import type { SyncContext } from './context.ts';
import { dashboardSteps, findDashboards } from './dashboard-steps.ts';
import { dataSourceStep, staleDataSources } from './data-source-steps.ts';
import { folderStep } from './folder-step.ts';
import { contactPointSteps, muteTimingSteps, templateSteps } from './notification-steps.ts';
import type { Step } from './plan.ts';
import { findRules, isOurs, ruleSteps } from './rule-steps.ts';
import type { Wanted } from './wanted.ts';

/** In the order in which they are to be done. Reads only. */
export async function planSync(context: SyncContext, wanted: Wanted): Promise<readonly Step[]> {
  const stored = await findRules(context);
  const found = await findDashboards(context);
  const folderUids = [
    ...stored.filter(isOurs).map(({ folderUID }) => folderUID),
    ...found.ours.map(({ folderUid }) => folderUid),
  ];
  const dataSource = { made: [await dataSourceStep(context, wanted)], stale: await staleDataSources(context, wanted) };
  const folder = { made: [await folderStep(context, { holdsOurs: folderUids.includes(ourFolder.uid) })], stale: [] };
  const dashboards = await dashboardSteps(context, { dashboards: wanted.dashboards, found });
  const muteTimings = await muteTimingSteps(context, context.features.hasTimeZones ? wanted.muteTiming : undefined);
  const templates = await templateSteps(context, wanted.template);
  const contactPoints = await contactPointSteps(context, wanted.contactPoint);
  const rules = await ruleSteps(context, { groups: wanted.groups, stored });
  const groups = [dataSource, folder, dashboards, muteTimings, templates, contactPoints, rules];
  // What is used goes after what uses it.
  return [...groups.flatMap(({ made }) => made), ...groups.reverse().flatMap(({ stale }) => stale)];
}

/** The writing stopped before its end; the message says where, and what to do. */
export class SyncInterrupted extends Error {
  override name = 'SyncInterrupted';
  /** Grafana went away, rather than refused. */
  readonly isUnreachable: boolean;

  constructor(message: string, { cause }: { cause: Error }) {
    super(message, { cause });
    this.isUnreachable = cause instanceof GrafanaUnreachable;
  }
}

/** Nothing is done when anything is refused: whoever calls looks at that first. Throws SyncInterrupted. */
export async function apply(steps: readonly Step[], progress: (text: string) => void): Promise<void> {
  const open = steps.filter((step) => step.apply);
  for (const [index, { kind, name, apply }] of open.entries()) {
    progress(`${index + 1} of ${open.length}: ${kind} "${name}"`);
    try {
      await apply?.();
    } catch (cause) {
      if (!(cause instanceof GrafanaRefused || cause instanceof GrafanaUnreachable)) throw cause;
      throw new SyncInterrupted(
        `${cause.message}\n${index} of ${open.length} steps are done; run it again when that is mended: it goes on where it stopped`,
        { cause },
      );
    }
  }
}

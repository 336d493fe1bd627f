/** The same rules as a file for Grafana's folder `provisioning/alerting`, whose format differs in names and durations. */
import { durationOf } from './duration.ts';
import { exportedRuleIds } from './exported-rule-ids.ts';
import { type AlertOptions, buildRuleGroups, uidOf } from './rule-groups.ts';

const orgId = 1;
/**
 * Not that of the dashboards: Grafana makes the folders of alerts first, with uids of its own, and where the dashboards' title
 * is then taken by another uid, version 11 does not start (grafana/grafana issues 87889, 125079). The same in every
 * language: it is a label, and a change of it would end all alerts and begin them anew.
 */
const folder = 'Vọng Gác cảnh báo';

/** Rules that a file no longer names stay in Grafana, so those that were once exported are named as deleted. */
export function alertingFile(options: AlertOptions): object {
  const groups = buildRuleGroups(options);
  const live = new Set(groups.flatMap(({ rules }) => rules.map(({ uid }) => uid)));
  const deleteRules = exportedRuleIds
    .map(uidOf)
    .filter((uid) => !live.has(uid))
    .map((uid) => ({ orgId, uid }));
  return {
    apiVersion: 1,
    groups: groups.map(({ title, interval, rules }) => ({
      orgId,
      name: plain(title),
      folder: plain(folder),
      interval: durationOf(interval),
      rules: rules.map(({ keep_firing_for, ...rule }) => ({
        ...rule,
        title: plain(rule.title),
        labels: Object.fromEntries(Object.entries(rule.labels).map(([name, value]) => [name, plain(value)])),
        keepFiringFor: keep_firing_for,
      })),
    })),
    ...(deleteRules.length > 0 && { deleteRules }),
  };
}

/** In titles, names and labels of these files `$name` is a variable of the environment; in models and annotations not. */
function plain(text: string): string {
  return text.replaceAll('$', '$$$$');
}

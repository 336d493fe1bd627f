import { rules } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { buildDashboards } from '../index.ts';
import { exportedRuleIds } from './exported-rule-ids.ts';
import { alertingFile } from './provisioning.ts';

const options = {
  language: 'vi',
  dataSourceUid: 'influx-1',
  consoleUrl: 'https://giamsat.example',
  dashboards: buildDashboards({ language: 'vi' }),
} as const;

interface FileRule {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}
interface File {
  readonly groups: readonly {
    readonly interval: string;
    readonly folder: string;
    readonly rules: readonly FileRule[];
  }[];
  readonly deleteRules?: readonly { readonly uid: string }[];
}

const file = alertingFile(options) as File;

test('durations are texts, and the name of what keeps firing is that of files', () => {
  for (const { interval, folder } of file.groups) expect([interval, folder]).toEqual(['1m', 'Vọng Gác cảnh báo']);
  const all = file.groups.flatMap((group) => group.rules);
  expect(all).toHaveLength(rules.length);
  expect(all.find(({ uid }) => uid === 'vonggac-disk-full')).toMatchObject({ for: '2m', keepFiringFor: '2m' });
  for (const rule of all) expect(rule).not.toHaveProperty('keep_firing_for');
});

test('a dollar is written only where Grafana does not take it for a variable', () => {
  for (const group of file.groups) {
    for (const { annotations, data, ...rest } of group.rules as (FileRule & { annotations: object; data: object })[]) {
      expect(JSON.stringify(rest)).not.toContain('$');
      expect(JSON.stringify(annotations)).not.toContain('${');
      expect(JSON.stringify(data)).toContain('$timeFilter');
    }
  }
});

test('every rule is remembered, so that it can be deleted once it is gone', () => {
  expect(rules.map(({ id }) => id).filter((id) => !exportedRuleIds.includes(id))).toEqual([]);
  expect(new Set(exportedRuleIds).size).toBe(exportedRuleIds.length);
  const gone = exportedRuleIds.filter((id) => !rules.some((rule) => rule.id === id));
  expect(file.deleteRules?.map(({ uid }) => uid)).toEqual(
    gone.length === 0 ? undefined : gone.map((id) => `vonggac-${id}`),
  );
});

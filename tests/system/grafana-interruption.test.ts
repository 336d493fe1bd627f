/**
 * A sync that ends anywhere, and is run again, comes to the same as one that did not end; what others made is as it was. In
 * this process, because there are many places to end at.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../collector/src/config.ts';
import { GrafanaApi } from '../../collector/src/grafana/grafana-api.ts';
import { contactPoint } from '../../collector/src/grafana/notification-objects.ts';
import { featuresOf, lookAtServer } from '../../collector/src/grafana/sync/server.ts';
import { apply, planSync, SyncInterrupted } from '../../collector/src/grafana/sync/sync.ts';
import { type Wanted, wantedOf } from '../../collector/src/grafana/sync/wanted.ts';
import { FakeGrafana } from '../harness/fake-grafana/fake-grafana.ts';
import { sorted } from '../harness/fake-grafana/go-json.ts';
import { smallRule } from '../harness/tested-grafana.ts';

let wanted: Wanted;
const started: FakeGrafana[] = [];

beforeAll(async () => {
  const flags = {
    'store.kind': 'influx',
    'store.influx.url': 'http://127.0.0.1:8086',
    'store.influx.password': 'bi-mat',
  };
  const config = loadConfig({ file: undefined, environment: {}, flags });
  const made = await wantedOf(config, { language: 'vi', dialect: 'influxql' });
  if (!made) throw new Error('the store is not one that Grafana reads');
  wanted = {
    ...made,
    contactPoint: contactPoint({ consoleUrl: 'http://localhost:8080', secret: 'bi-mat-cua-webhook' }),
  };
});

afterAll(async () => {
  for (const grafana of started.splice(0)) await grafana.stop();
});

/** With one of everything that somebody else made. */
async function inhabited(version: string): Promise<FakeGrafana> {
  const grafana = new FakeGrafana({ version, now: () => 1_700_000_000_000 });
  await grafana.start();
  started.push(grafana);
  const source = { uid: 'theirs', name: 'Theirs', type: 'influxdb', access: 'proxy', isDefault: true };
  await grafana.call('POST', '/api/datasources', source);
  await grafana.call('POST', '/api/folders', { uid: 'theirs', title: 'Theirs' });
  const dashboard = { uid: 'their-board', title: 'Toàn tỉnh', tags: ['vonggac'] };
  await grafana.call('POST', '/api/dashboards/db', { dashboard, folderUid: 'theirs' });
  const { alertmanager } = grafana.organisation;
  const hook = { type: 'webhook', disableResolveMessage: false, settings: { url: 'http://127.0.0.1:9' }, secrets: {} };
  alertmanager.put({
    receivers: [...alertmanager.content.receivers, { name: 'theirs', integrations: [{ uid: 'theirs', ...hook }] }],
    templates: { theirs: '{{ define "theirs" }}x{{ end }}' },
    muteTimings: { theirs: [{ weekdays: ['sunday'] }] },
    policies: { receiver: 'theirs', routes: [{ receiver: 'theirs', object_matchers: [['a', '=', 'b']] }] },
  });
  await grafana.call('PUT', '/api/v1/provisioning/folder/theirs/rule-groups/theirs', {
    interval: 60,
    rules: [smallRule('theirs')],
  });
  return grafana;
}

async function sync(grafana: FakeGrafana, { prune = false, to = wanted } = {}): Promise<number> {
  const api = new GrafanaApi({ url: new URL(grafana.url), token: grafana.token, pause: async () => {} });
  const features = featuresOf(await lookAtServer(api), { allowOld: true });
  const steps = await planSync({ api, features, adopt: false, prune }, to);
  expect(steps.filter(({ action }) => action === 'refused')).toEqual([]);
  await apply(steps, () => undefined);
  return steps.filter((step) => step.apply).length;
}

/** All that is stored, but for what grows with each write and each new object. */
function stored({ organisation }: FakeGrafana): string {
  const { dataSources, dataSourceSecrets, folders, dashboards, rules, groupIntervals, alertmanager } = organisation;
  const parts = [dataSources, dataSourceSecrets, folders, dashboards, rules, groupIntervals].map((map) =>
    Object.fromEntries(map as Map<string, unknown>),
  );
  return JSON.stringify(sorted([...parts, alertmanager.content]), (name, value: unknown) =>
    ['id', 'version', 'updated'].includes(name) ? undefined : value,
  );
}

function foreign({ organisation }: FakeGrafana): unknown {
  const { dataSources, folders, dashboards, rules, alertmanager } = organisation;
  const { receivers, templates, muteTimings, policies } = alertmanager.content;
  return structuredClone([
    ...[dataSources, folders, rules].map((map) => map.get('theirs')),
    dashboards.get('their-board'),
    receivers.filter(({ name }) => name !== 'vonggac'),
    [templates.theirs, muteTimings.theirs, policies],
  ]);
}

test.each([
  ['9.4.7', 0],
  ['12.1.1', 1],
])('Grafana %s goes away after each write in turn, each second time before it has answered', async (version, odd) => {
  const whole = await inhabited(version);
  const theirs = foreign(whole);
  await sync(whole);
  const writes = whole.calls.writes.length;
  expect(writes).toBeGreaterThan(15);
  for (let after = 1; after < writes; after += 1) {
    const when = `after ${after} of ${writes} writes`;
    const grafana = await inhabited(version);
    grafana.goAwayAfter(after, { isLastAnswerLost: after % 2 === odd });
    await expect(sync(grafana), when).rejects.toThrow(SyncInterrupted);
    grafana.comeBack();
    await sync(grafana);
    expect(stored(grafana), when).toBe(stored(whole));
    expect(await sync(grafana), when).toBe(0);
    expect(foreign(grafana), when).toEqual(theirs);
    expect(grafana.calls.unknown).toEqual([]);
    await grafana.stop();
  }
});

test('everything is deleted again in an order that Grafana takes', async () => {
  const grafana = await inhabited('12.1.1');
  const theirs = foreign(grafana);
  await sync(grafana);
  const nothing = { muteTiming: undefined, contactPoint: undefined, groups: [], dashboards: [] };
  expect(await sync(grafana, { prune: true, to: { ...wanted, ...nothing } })).toBeGreaterThan(10);
  expect(grafana.organisation.rules.size + grafana.organisation.dashboards.size).toBe(2);
  expect(foreign(grafana)).toEqual(theirs);
});

import { expect, test } from 'vitest';
import type { DataSourceJson } from '../data-source.ts';
import { dataSourceStep, staleDataSources } from './data-source-steps.ts';
import { AnsweringGrafana } from './testing/answering-grafana.ts';

const dataSource: DataSourceJson = {
  name: 'Vọng Gác InfluxDB',
  uid: 'vonggac-influxdb',
  type: 'influxdb',
  access: 'proxy',
  url: 'http://influx:8086',
  database: 'vonggac',
  jsonData: { dbName: 'vonggac', version: 'InfluxQL' },
};
const where = '/api/datasources/uid/vonggac-influxdb';
const stored = { ...dataSource, id: 4, version: 9, readOnly: false, user: '', isDefault: true, secureJsonFields: {} };

test('what others set besides stays, what we set no more goes', async () => {
  const there = { ...stored, user: 'cu', url: 'http://old', jsonData: { ...stored.jsonData, maxSeries: 500 } };
  const grafana = new AnsweringGrafana({ [where]: there });
  const step = await dataSourceStep(grafana.context(), { dataSource, password: undefined });
  expect([step.action, step.details]).toEqual(['change', ['url', 'user']]);
  await step.apply?.();
  const jsonData = { ...dataSource.jsonData, maxSeries: 500 };
  expect(grafana.writes).toEqual([
    { call: `PUT ${where}`, body: { ...dataSource, user: '', isDefault: true, jsonData } },
  ]);
});

test('a name that another data source has is left to it', async () => {
  const grafana = new AnsweringGrafana({ '/api/datasources/name/Vọng Gác InfluxDB': { ...stored, uid: 'cua-toi' } });
  const step = await dataSourceStep(grafana.context({ adopt: true }), { dataSource, password: undefined });
  expect([step.action, step.details.join()]).toEqual(['refused', expect.stringContaining('uid cua-toi')]);
});

test.each([
  ['none is there', {}, {}, ['password: none is set']],
  ['it works', { password: true }, { [`${where}/health`]: { status: 'OK' } }, []],
  [
    'it does not work',
    { password: true },
    {},
    ['password: set again, because the data source does not work (Not found)'],
  ],
])('a password is written when it is needed: %s', async (_, secureJsonFields, answers, details) => {
  const grafana = new AnsweringGrafana({ [where]: { ...stored, secureJsonFields }, ...answers });
  const step = await dataSourceStep(grafana.context(), { dataSource, password: 'bi-mat' });
  expect(step.details).toEqual(details);
  await step.apply?.();
  expect(grafana.writes.map(({ body }) => (body as { secureJsonData: unknown }).secureJsonData)).toEqual(
    details.map(() => ({ password: 'bi-mat' })),
  );
});

test('that of the other kind of store is made no more', async () => {
  const other = { ...stored, uid: 'vonggac-prometheus', name: 'Vọng Gác VictoriaMetrics', type: 'prometheus' };
  const strangers = [
    { ...stored, uid: 'vonggac-own' },
    { ...other, name: 'Của tôi' },
    { ...other, readOnly: true },
  ];
  const grafana = new AnsweringGrafana({ '/api/datasources': [stored, other, ...strangers] });
  const steps = await staleDataSources(grafana.context({ prune: true }), { dataSource });
  expect(steps.map(({ action, name }) => [action, name])).toEqual([['delete', 'Vọng Gác VictoriaMetrics']]);
  await steps[0]?.apply?.();
  expect(grafana.writes).toEqual([{ call: 'DELETE /api/datasources/uid/vonggac-prometheus', body: null }]);
});

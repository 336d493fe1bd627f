import * as z from 'zod';
import { type DataSourceJson, secretOf } from '../data-source.ts';
import { path } from '../grafana-api.ts';
import { GrafanaRefused } from '../grafana-errors.ts';
import type { SyncContext } from './context.ts';
import { differences } from './differences.ts';
import { type Found, refusedStep, type Step, staleStep, stepFor } from './plan.ts';

const Stored = z.looseObject({
  uid: z.string(),
  name: z.string(),
  type: z.string(),
  readOnly: z.boolean().optional(),
  jsonData: z.record(z.string(), z.unknown()).nullish(),
  secureJsonFields: z.record(z.string(), z.boolean()).nullish(),
});
type Stored = z.infer<typeof Stored>;

/** Of both kinds of stores, with how all their names begin. */
const own = { uids: ['vonggac-influxdb', 'vonggac-prometheus'], name: 'Vọng Gác' };

/** What the server gives, and does not take: a `version` would refuse the write whenever somebody else wrote. */
const given = ['id', 'orgId', 'version', 'readOnly', 'secureJsonFields', 'typeLogoUrl', 'typeName', 'apiVersion'];

export async function dataSourceStep(
  context: SyncContext,
  { dataSource, password }: { dataSource: DataSourceJson; password: string | undefined },
): Promise<Step> {
  const { api, adopt } = context;
  const { uid, name } = dataSource;
  const object = { kind: 'data source', name };
  const what = `the data source "${name}"`;
  const where = path`/api/datasources/uid/${uid}`;
  const secrets = password === undefined ? {} : { secureJsonData: { [secretOf(dataSource)]: password } };
  const stored = await api.find(where, { what, answer: Stored });
  if (!stored) {
    const other = await api.find(path`/api/datasources/name/${name}`, { what, answer: Stored });
    if (other)
      return refusedStep(object, `its name is that of another data source (uid ${other.uid}): rename that one`);
    const body = { ...dataSource, ...secrets };
    return stepFor(object, undefined, {
      adopt,
      write: () => api.post('/api/datasources', { what, body, answer: z.unknown() }).then(() => undefined),
    });
  }
  // What others set besides stays: a PUT replaces everything.
  const kept = Object.fromEntries(Object.entries(stored).filter(([field]) => !given.includes(field)));
  const jsonData = { ...stored.jsonData, ...dataSource.jsonData };
  const body = { ...kept, user: '', ...dataSource, jsonData, ...secrets };
  const found = { owner: ownerOf(stored, dataSource), differs: differing(stored, dataSource) };
  return stepFor(object, await withPassword(found, { context, stored, secret: secretOf(dataSource), password }), {
    adopt,
    write: () => api.put(where, { what, body, answer: z.unknown() }).then(() => undefined),
  });
}

/** That of the other kind of store, from when the data was there. */
export async function staleDataSources(
  { api, prune }: SyncContext,
  { dataSource }: { dataSource: DataSourceJson },
): Promise<readonly Step[]> {
  const all = await api.get('/api/datasources', { what: 'the data sources', answer: z.array(Stored) });
  const stale = all.filter(
    ({ uid, name, readOnly }) =>
      own.uids.includes(uid) && uid !== dataSource.uid && name.startsWith(own.name) && !readOnly,
  );
  return stale.map(({ uid, name }) => {
    const remove = async () => {
      const what = `the data source "${name}"`;
      await api.delete(path`/api/datasources/uid/${uid}`, { what, answer: z.unknown() });
    };
    return staleStep({ kind: 'data source', name }, { prune, remove });
  });
}

/** Nothing marks a data source but its name and kind. */
function ownerOf({ readOnly, name, type }: Stored, wanted: DataSourceJson): Found['owner'] {
  if (readOnly) return 'file';
  return name === wanted.name && type === wanted.type ? 'ours' : 'foreign';
}

function differing(stored: Stored, wanted: DataSourceJson): readonly string[] {
  const { user = '', ...rest } = wanted;
  return differences({ ...rest, user }, stored, { extras: 'ignore' });
}

/** Grafana never gives a password back, so whether it is the right one is seen by whether it opens the door. */
async function withPassword(
  found: Found,
  {
    context: { api },
    stored,
    secret,
    password,
  }: {
    context: SyncContext;
    stored: Stored;
    secret: string;
    password: string | undefined;
  },
): Promise<Found> {
  if (password === undefined || found.differs.length > 0 || found.owner === 'file') return found;
  if (stored.secureJsonFields?.[secret] !== true) return { ...found, differs: ['password: none is set'] };
  try {
    await api.get(path`/api/datasources/uid/${stored.uid}/health`, {
      what: `the health of the data source "${stored.name}"`,
      answer: z.unknown(),
    });
    return found;
  } catch (error) {
    if (!(error instanceof GrafanaRefused)) throw error;
    return { ...found, differs: [`password: set again, because the data source does not work (${error.said})`] };
  }
}

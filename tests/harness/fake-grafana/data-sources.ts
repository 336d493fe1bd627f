/** Data sources. Secrets can be written, not read; a PUT replaces everything else; what a file provisioned is read-only. */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';
import { isUid, known, newUid, sorted } from './go-json.ts';
import type { DataSource, Organisation } from './organisation.ts';

const fields = [
  'name',
  'type',
  'access',
  'url',
  'user',
  'database',
  'basicAuth',
  'basicAuthUser',
  'withCredentials',
  'isDefault',
] as const;

export function dataSourceRoutes(options: { healthOf: (uid: string) => string | undefined }): readonly Route[] {
  return [
    { method: 'GET', path: '/api/datasources', permission: 'admin', answer: list },
    { method: 'POST', path: '/api/datasources', permission: 'admin', answer: create },
    { method: 'GET', path: '/api/datasources/uid/:uid', permission: 'admin', answer: read },
    { method: 'PUT', path: '/api/datasources/uid/:uid', permission: 'admin', answer: update },
    { method: 'DELETE', path: '/api/datasources/uid/:uid', permission: 'admin', answer: remove },
    { method: 'GET', path: '/api/datasources/name/:name', permission: 'admin', answer: readByName },
    {
      method: 'GET',
      path: '/api/datasources/uid/:uid/health',
      permission: 'viewer',
      answer: (call) => health(call, options.healthOf),
    },
  ];
}

function list({ organisation }: Call): Answer {
  return { status: 200, body: [...organisation.dataSources.values()].map((source) => shown(organisation, source)) };
}

function read(call: Call): Answer {
  return { status: 200, body: shown(call.organisation, existing(call)) };
}

function readByName({ organisation, parameters }: Call): Answer {
  const source = namedAs(organisation, parameters.name ?? '');
  if (!source) throw new Refusal(404, 'Data source not found');
  return { status: 200, body: shown(organisation, source) };
}

function create({ organisation, body }: Call): Answer {
  const given = checked(objectOf(body));
  const uid = textOf(given, 'uid') || newUid();
  if (!isUid(uid)) throw new Refusal(400, 'Failed to add datasource: invalid format of UID');
  const name = textOf(given, 'name');
  if (namedAs(organisation, name)) throw new Refusal(409, 'data source with the same name already exists');
  if (organisation.dataSources.has(uid)) throw new Refusal(409, 'data source with the same uid already exists');
  const id = organisation.nextId();
  const source = store(organisation, { given, uid, id, version: 1 });
  return { status: 200, body: { id, name, message: 'Datasource added', datasource: shown(organisation, source) } };
}

function update(call: Call): Answer {
  const { organisation, body } = call;
  const before = existing(call);
  const given = checked(objectOf(body));
  if (before.readOnly) throw new Refusal(403, 'Cannot update read-only data source');
  const other = namedAs(organisation, textOf(given, 'name'));
  if (other && other.uid !== before.uid) throw new Refusal(409, 'data source with the same name already exists');
  const { version = 0 } = given;
  if (version !== 0 && version !== before.version) {
    throw new Refusal(409, 'Datasource has already been updated by someone else. Please reload and try again');
  }
  const { uid } = before;
  const source = store(organisation, { given, uid, id: Number(before.id), version: before.version + 1 });
  const { id, name } = source;
  return { status: 200, body: { id, name, message: 'Datasource updated', datasource: shown(organisation, source) } };
}

function remove(call: Call): Answer {
  const source = existing(call);
  if (source.readOnly) throw new Refusal(403, 'Cannot delete read-only data source');
  call.organisation.dataSources.delete(source.uid);
  call.organisation.dataSourceSecrets.delete(source.uid);
  return { status: 200, body: { message: 'Data source deleted', id: source.id } };
}

function health(call: Call, healthOf: (uid: string) => string | undefined): Answer {
  const trouble = healthOf(existing(call).uid);
  if (trouble !== undefined) return { status: 400, body: { status: 'ERROR', message: trouble } };
  return { status: 200, body: { status: 'OK', message: 'datasource is working. 12 measurements found' } };
}

function existing({ organisation, parameters }: Call): DataSource {
  const source = organisation.dataSources.get(parameters.uid ?? '');
  if (!source) throw new Refusal(404, 'Data source not found');
  return source;
}

function namedAs(organisation: Organisation, name: string): DataSource | undefined {
  return [...organisation.dataSources.values()].find((source) => source.name === name);
}

function checked(given: Json): Json {
  for (const name of ['name', 'type', 'access']) {
    if (textOf(given, name) === '') throw new Refusal(400, 'bad request data');
  }
  const url = textOf(given, 'url');
  if (url !== '' && !URL.canParse(url)) throw new Refusal(400, `Validation error, invalid URL: "${url}"`);
  return given;
}

function store(
  organisation: Organisation,
  { given, uid, id, version }: { given: Json; uid: string; id: number; version: number },
): DataSource {
  const source: DataSource = {
    url: '',
    user: '',
    database: '',
    basicAuth: false,
    isDefault: false,
    withCredentials: false,
    ...known(given, fields),
    id,
    uid,
    orgId: organisation.id,
    name: textOf(given, 'name'),
    type: textOf(given, 'type'),
    jsonData: sorted((given.jsonData ?? {}) as Json),
    version,
    readOnly: false,
  };
  if (source.isDefault === true) {
    for (const [key, other] of organisation.dataSources) {
      organisation.dataSources.set(key, { ...other, isDefault: false });
    }
  }
  organisation.dataSources.set(uid, source);
  const secrets = { ...organisation.dataSourceSecrets.get(uid), ...(given.secureJsonData as Record<string, string>) };
  organisation.dataSourceSecrets.set(uid, secrets);
  return source;
}

function shown(organisation: Organisation, source: DataSource): Json {
  const secrets = Object.keys(organisation.dataSourceSecrets.get(source.uid) ?? {});
  return { ...source, typeLogoUrl: '', secureJsonFields: Object.fromEntries(secrets.map((name) => [name, true])) };
}

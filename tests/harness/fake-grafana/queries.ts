/** Queries of data sources; their answers come from the test. */
import { type Answer, type Call, type Json, objectOf, Refusal, type Route, textOf } from './exchange.ts';

/** What one query is answered: data frames, or an error that the data source reports. */
export type QueryAnswer = { readonly frames: readonly Json[] } | { readonly error: string };

export type QueryFunction = (query: Json, dataSourceUid: string) => QueryAnswer | Promise<QueryAnswer>;

export function queryRoutes({
  ask = () => ({ frames: [emptyFrame] }),
}: {
  ask?: QueryFunction | undefined;
}): readonly Route[] {
  const answer = (call: Call) => query(call, ask);
  return [{ method: 'POST', path: '/api/ds/query', permission: 'viewer', isReading: true, answer }];
}

const emptyFrame: Json = { schema: { fields: [] }, data: { values: [] } };

async function query({ organisation, body }: Call, ask: QueryFunction): Promise<Answer> {
  const { queries } = objectOf(body);
  if (!Array.isArray(queries) || queries.length === 0) throw new Refusal(400, 'no queries found');
  const results: Json = {};
  let hasFailed = false;
  for (const item of queries as unknown[]) {
    const each = objectOf(item);
    const uid = textOf(objectOf(each.datasource ?? {}), 'uid');
    if (uid === '') throw new Refusal(400, 'query is missing data source');
    if (uid !== '__expr__' && !organisation.dataSources.has(uid)) throw new Refusal(404, 'Data source not found');
    const answer = await ask(each, uid);
    const isError = 'error' in answer;
    hasFailed ||= isError;
    const refId = textOf(each, 'refId') || 'A';
    results[refId] = isError
      ? { error: answer.error, status: 400, frames: [] }
      : { status: 200, frames: answer.frames };
  }
  return { status: hasFailed ? 400 : 200, body: { results } };
}

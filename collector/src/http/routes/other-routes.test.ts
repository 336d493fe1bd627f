import { measurements } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CatalogueAnswer } from '../schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
});

afterEach(() => server.close());

async function get(url: string) {
  const answer = await server.app.inject({ url, headers: server.authorization() });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

test('the catalogue lists every measurement, without what only the wire needs', async () => {
  const { measurements: listed } = CatalogueAnswer.parse(await get('/api/v1/catalogue'));
  expect(Object.keys(listed)).toEqual(measurements.map((measurement) => measurement.name));
  expect(listed.cpu?.fields.user_percent).toEqual({
    type: 'float',
    unit: 'percent',
    vi: 'Chương trình người dùng',
    en: 'User programs',
  });
});

test('the description of the API is made from the schemas', async () => {
  const document = await get('/api/openapi.json');
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '0.0.0-test' } });
  expect(Object.keys(document.paths)).toEqual([
    '/api/openapi.json',
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/v1/sign-in',
    '/api/v1/sign-out',
    '/api/v1/me',
    '/api/v1/agents',
    '/api/v1/agents/{id}',
    '/api/v1/summary',
    '/api/v1/units',
    '/api/v1/units/export',
    '/api/v1/units/{code}',
    '/api/v1/units/{code}/retire',
    '/api/v1/units/import',
    '/api/v1/catalogue',
    '/api/v1/series',
    '/api/v1/stream',
    '/api/v1/audit',
  ]);
  const { parameters, responses } = document.paths['/api/v1/agents'].get;
  expect(parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
  });
  expect(responses[200].content['application/json'].schema.properties.items.items.properties.state).toEqual({
    type: 'string',
    enum: ['online', 'late', 'offline', 'inconclusive', 'retired'],
  });
  expect(document.paths['/api/v1/agents/{id}'].get.parameters).toMatchObject([
    { name: 'id', in: 'path', required: true },
  ]);
  expect(document.paths['/api/v1/sign-in'].post.requestBody.content['application/json'].schema).toMatchObject({
    anyOf: [{ required: ['code'] }, { required: ['name', 'password'] }],
  });
});

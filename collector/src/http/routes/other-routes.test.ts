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
    '/api/v1/collector',
    '/api/v1/sign-in',
    '/api/v1/sign-out',
    '/api/v1/me',
    '/api/v1/sign-in/methods',
    '/api/v1/me/password',
    '/api/v1/me/totp',
    '/api/v1/me/totp/confirm',
    '/api/v1/me/totp/disable',
    '/api/v1/me/sign-out-everywhere',
    '/api/v1/people',
    '/api/v1/people/{name}',
    '/api/v1/tokens',
    '/api/v1/tokens/{id}/revoke',
    '/api/v1/agents',
    '/api/v1/agents/{id}',
    '/api/v1/summary',
    '/api/v1/units',
    '/api/v1/units/export',
    '/api/v1/units/{code}',
    '/api/v1/units/machines',
    '/api/v1/units/{code}/retire',
    '/api/v1/units/import',
    '/api/v1/codes',
    '/api/v1/codes/{id}/revoke',
    '/api/v1/codes/{id}/uses',
    '/api/v1/enrolments',
    '/api/v1/enrolments/{id}/accept',
    '/api/v1/enrolments/{id}/refuse',
    '/api/v1/agents/{id}/revoke',
    '/api/v1/incidents',
    '/api/v1/incidents/{id}',
    '/api/v1/incidents/{id}/acknowledge',
    '/api/v1/incidents/{id}/close',
    '/api/v1/incidents/{id}/assignees',
    '/api/v1/incidents/{id}/assign',
    '/api/v1/incidents/{id}/snooze',
    '/api/v1/incidents/{id}/unsnooze',
    '/api/v1/notifications',
    '/api/v1/grafana/alerts',
    '/api/v1/links',
    '/api/v1/links/{unit}/{link}/intervals',
    '/api/v1/links/report',
    '/api/v1/links/report/export',
    '/api/v1/services',
    '/api/v1/outages',
    '/api/v1/outages/{id}',
    '/api/v1/availability',
    '/api/v1/availability/export',
    '/api/v1/maintenance',
    '/api/v1/maintenance/{id}/cancel',
    '/api/v1/calendars',
    '/api/v1/rules',
    '/api/v1/rules/{id}',
    '/api/v1/units/{code}/devices',
    '/api/v1/protection',
    '/api/v1/protection/units',
    '/api/v1/protection/export',
    '/api/v1/malware',
    '/api/v1/malware/export',
    '/api/v1/catalogue',
    '/api/v1/series',
    '/api/v1/stream',
    '/api/v1/audit',
    '/api/v1/audit/export',
    '/api/v1/audit/chain',
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
    enum: ['online', 'late', 'offline', 'planned', 'inconclusive', 'retired'],
  });
  expect(document.paths['/api/v1/agents/{id}'].get.parameters).toMatchObject([
    { name: 'id', in: 'path', required: true },
  ]);
  expect(document.paths['/api/v1/sign-in'].post.requestBody.content['application/json'].schema).toMatchObject({
    anyOf: [{ required: ['code'] }, { required: ['name', 'password'] }],
  });
});

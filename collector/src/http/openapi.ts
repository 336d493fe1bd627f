/** The OpenAPI document, made from the schemas that the routes are checked with. */
import type { RouteOptions } from 'fastify';
import * as z from 'zod';
import { ProblemDetails, problemContentType } from './problem.ts';
import type { App } from './routes/app.ts';

type Json = Readonly<Record<string, unknown>>;

/** What this module reads of a route. */
type DocumentedRoute = Pick<RouteOptions, 'method' | 'url' | 'schema' | 'config'>;

function toJson(schema: unknown, io: 'input' | 'output'): Json {
  if (!(schema instanceof z.ZodType)) throw new Error('a route has a schema that is not of zod');
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}

function parametersOf(schema: unknown, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJson(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
}

function answersOf(schema: RouteOptions['schema']): Json {
  const problem = {
    description: 'What went wrong',
    content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  if (schema?.produces) {
    return { 200: { description: 'OK', content: { [schema.produces]: {} } }, default: problem };
  }
  const answers = Object.entries((schema?.response ?? {}) as Record<string, unknown>).map(([status, answer]) => [
    status,
    { description: 'OK', content: { 'application/json': { schema: toJson(answer, 'output') } } },
  ]);
  return answers.length === 0
    ? { 204: { description: 'Done' }, default: problem }
    : { ...Object.fromEntries(answers), default: problem };
}

function describeAccess(wanted: NonNullable<DocumentedRoute['config']>['permission']): string {
  if (wanted === 'anyone') return 'Open to anyone.';
  if (wanted === 'own-secret') return 'Wants a secret of its own instead of a token.';
  return wanted === 'signed-in' ? 'Open to everyone with a token or a session.' : `Wants the permission ${wanted}.`;
}

function describeRoute({ schema, config }: DocumentedRoute): Json {
  const wanted = config?.permission;
  const mediaType = schema?.consumes ?? 'application/json';
  return {
    summary: schema?.summary,
    description: [schema?.description, describeAccess(config?.permission)]
      .filter((text) => text !== undefined)
      .join(' '),
    ...(wanted === 'anyone' && { security: [] }),
    ...(wanted === 'own-secret' && { security: [{ secret: [] }] }),
    parameters: [...parametersOf(schema?.params, 'path'), ...parametersOf(schema?.querystring, 'query')],
    ...(schema?.body !== undefined && {
      requestBody: { required: true, content: { [mediaType]: { schema: toJson(schema.body, 'input') } } },
    }),
    responses: answersOf(schema),
  };
}

/** Writes the document for routes that say what they are for; others (pages, files) are not part of the API. */
function describeApi(routes: readonly DocumentedRoute[], options: OpenApiOptions): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [String(route.method).toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Vọng Gác', version: options.version },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: toJson(ProblemDetails, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        secret: { type: 'http', scheme: 'bearer', description: 'Of one program, for one route' },
        session: { type: 'apiKey', in: 'cookie', name: options.cookieName },
      },
    },
  };
}

export interface OpenApiOptions {
  readonly version: string;
  readonly cookieName: string;
}

/** Serves the description of every route that is added after this call. */
export function addOpenApi(app: App, options: OpenApiOptions): void {
  const routes: DocumentedRoute[] = [];
  app.addHook('onRoute', (route) => {
    if (route.schema?.summary && route.method !== 'HEAD') routes.push(route);
  });
  let document: Json | undefined;
  app.get(
    '/api/openapi.json',
    { config: { permission: 'read' }, schema: { summary: 'This description', produces: 'application/json' } },
    async (_, reply) => {
      document ??= describeApi(routes, options);
      return reply.send(document);
    },
  );
}

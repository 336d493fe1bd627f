/** Lets fastify check requests with the zod schemas of its routes, and infer their types from them. */
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import type * as z from 'zod';
import { type FieldError, invalidRequest } from './problem.ts';

export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}

const locations: Readonly<Record<string, FieldError['location']>> = {
  querystring: 'query',
  body: 'body',
  params: 'path',
};

function keysOf(schema: z.ZodType): string {
  return 'shape' in schema ? Object.keys(schema.shape as object).join(', ') || 'none' : '';
}

function toFieldErrors(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  location: FieldError['location'],
): FieldError[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ location, name: issue.path.join('.'), detail: issue.message }];
    }
    const detail = `is not known here; known are: ${keysOf(schema)}`;
    return issue.keys.map((key) => ({ location, name: [...issue.path, key].join('.'), detail }));
  });
}

/** For `setValidatorCompiler`. A value that does not pass becomes a problem that names everything wrong with it. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const location = locations[httpPart ?? ''] ?? 'body';
  return (value: unknown) => {
    const result = schema.safeParse(value);
    if (result.success) return { value: result.data };
    return { error: invalidRequest(toFieldErrors(result.error.issues, schema, location)) };
  };
};

/** For `setSerializerCompiler`: the compiler has checked answers already, and the tests check them against the schemas. */
export function serializerCompiler(): (value: unknown) => string {
  return JSON.stringify;
}

declare module 'fastify' {
  interface FastifySchema {
    readonly summary?: string;
    readonly description?: string;
    /** Media type of the answer when it is not JSON. */
    readonly produces?: string;
    /** Media type of the request's body when it is not JSON. */
    readonly consumes?: string;
  }
}

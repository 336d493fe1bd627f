import type { Route } from './exchange.ts';

/** Finds the route of a call; several may have one path and differ by method. */
export class Router {
  readonly #routes: readonly { route: Route; segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  find(method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
    const given = path.replace(/\/$/, '').split('/');
    for (const { route, segments } of this.#routes) {
      if (route.method !== method) continue;
      const parameters = parametersOf(segments, given);
      if (parameters) return { route, parameters };
    }
    return undefined;
  }
}

function parametersOf(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':')) parameters[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return parameters;
}

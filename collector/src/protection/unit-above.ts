/** Where in the tree of units several of them meet. */
import { maxLevels } from '../registry/unit-tree.ts';

interface InTree {
  readonly code: string;
  readonly parent?: string | undefined;
}

/** The lowest unit that is above all of `codes`, or one of them; undefined when there is none. */
export function lowestAbove(units: readonly InTree[], codes: readonly string[]): string | undefined {
  const parents = new Map(units.map(({ code, parent }) => [code, parent]));
  const [first = [], ...others] = codes.map((code) => pathOf(code, parents));
  return first.find((code) => others.every((path) => path.includes(code)));
}

/** From the unit upwards. */
function pathOf(code: string, parents: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = code; at !== undefined && path.length < maxLevels; at = parents.get(at))
    path.push(at);
  return path;
}

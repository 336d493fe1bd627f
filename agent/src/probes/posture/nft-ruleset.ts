/** `nft -j list ruleset`. https://manpages.debian.org/libnftables-json.5 */
import { quote } from '../clean-text.ts';
import { type Fields, listOf, objectOf, textOf } from '../windows/script-answer.ts';

/** `closed`: what no rule lets in is kept out; `partly`: some is kept out; `open`: nothing is. */
export type FilterVerdict = 'closed' | 'partly' | 'open';

interface Chain {
  readonly isInput: boolean;
  readonly drops: boolean;
  /** Of each rule its parts: what it matches and what it does. */
  readonly rules: (readonly Fields[])[];
  /** Where the chains are that it may jump to. */
  readonly keyOf: (name: string) => string;
}

/** Parts of a rule that match everything. */
const harmless = ['counter', 'log', 'comment'];

/** Of what comes in over IPv4. Throws when the text is no ruleset. */
export function parseNftRuleset(text: string): FilterVerdict {
  const chains = readChains(text);
  const inputs = [...chains.values()].filter(({ isInput }) => isInput);
  const everything = reachable(inputs, { chains, unconditionally: true });
  if (everything.some((chain) => chain.drops || effective(chain).some((rule) => isBare(rule) && dropsIn(rule)))) {
    return 'closed';
  }
  const something = reachable(inputs, { chains, unconditionally: false });
  return something.some((chain) => effective(chain).some(dropsIn)) ? 'partly' : 'open';
}

function readChains(text: string): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const entry of entriesOf(text)) {
    const chain = objectOf(entry.chain);
    const rule = objectOf(entry.rule);
    const { family, table } = chain ?? rule ?? {};
    // IPv6 alone is no protection of a network that has both.
    if (family !== 'ip' && family !== 'inet') continue;
    const keyOf = (name: unknown) => JSON.stringify([family, table, name]);
    if (chain !== undefined) {
      const isInput = chain.hook === 'input' && chain.type === 'filter';
      chains.set(keyOf(chain.name), { isInput, drops: chain.policy === 'drop', rules: [], keyOf });
    } else if (rule !== undefined) chains.get(keyOf(rule.chain))?.rules.push(listOf(rule.expr));
  }
  return chains;
}

function entriesOf(text: string): Fields[] {
  try {
    const { nftables } = JSON.parse(text);
    if (Array.isArray(nftables)) return listOf(nftables);
  } catch {
    // As below.
  }
  throw new Error(`nft printed no ruleset: ${quote(text)}`);
}

/** The chains themselves and those that they jump to. */
function reachable(
  from: readonly Chain[],
  { chains, unconditionally }: { chains: ReadonlyMap<string, Chain>; unconditionally: boolean },
): Chain[] {
  const found = new Set(from);
  // A set gives what is added to it while it is walked.
  for (const chain of found) {
    for (const rule of effective(chain)) {
      if (unconditionally && !isBare(rule)) continue;
      for (const part of rule) {
        const target = textOf(objectOf(part.jump ?? part.goto)?.target);
        const next = target === undefined ? undefined : chains.get(chain.keyOf(target));
        if (next !== undefined) found.add(next);
      }
    }
  }
  return [...found];
}

/** Rules up to the first that lets everything in. */
function effective({ rules }: Chain): readonly (readonly Fields[])[] {
  const end = rules.findIndex((rule) => isBare(rule) && rule.some((part) => 'accept' in part || 'return' in part));
  return end === -1 ? rules : rules.slice(0, end);
}

/** Whether a rule matches everything: it has only a verdict. */
function isBare(rule: readonly Fields[]): boolean {
  return rule.filter((part) => !harmless.some((name) => name in part)).length === 1;
}

function dropsIn(rule: readonly Fields[]): boolean {
  return rule.some((part) => 'drop' in part || 'reject' in part);
}

/** https://man.openbsd.org/sshd_config */

interface Found {
  readonly values: Map<string, string>;
  /** Something that holds only for some connections, or a file that was not read. */
  isPartial: boolean;
}

const keywords = ['permitrootlogin', 'passwordauthentication', 'kbdinteractiveauthentication'];
const maxDepth = 4;

/**
 * Whether root gets in with a password; undefined when that depends on the connection. The first value counts. `include`
 * gives the texts that an Include names, undefined when it does not know.
 */
export function parseRootPassword(
  text: string,
  include: (pattern: string) => readonly string[] | undefined,
): boolean | undefined {
  const found: Found = { values: new Map(), isPartial: false };
  read(text, { found, include, depth: 0 });
  const root = found.values.get('permitrootlogin') ?? 'prohibit-password';
  const asks = keywords.slice(1).some((keyword) => found.values.get(keyword) !== 'no');
  if (found.isPartial) return undefined;
  return root === 'yes' && asks;
}

function read(
  text: string,
  options: { found: Found; include: (pattern: string) => readonly string[] | undefined; depth: number },
): void {
  const { found, include, depth } = options;
  let inMatch = false;
  for (const line of text.split('\n')) {
    const [, keyword = '', rest = ''] = /^\s*([A-Za-z]{1,60})(?:\s+|\s*=\s*)"?([^"#]{1,200})/.exec(line) ?? [];
    const name = keyword.toLowerCase();
    const value = rest.trim().toLowerCase();
    if (name === 'match') inMatch = value !== 'all';
    else if (name === 'include') {
      const texts = depth < maxDepth ? include(rest.trim()) : undefined;
      if (texts === undefined) found.isPartial = true;
      for (const one of texts ?? []) read(one, { found, include, depth: depth + 1 });
    } else if (keywords.includes(name)) {
      if (inMatch) found.isPartial ||= value !== 'no';
      else if (!found.values.has(name)) found.values.set(name, value);
    }
  }
}

/** Sources: the logs of clamd and clamonacc: lines that end with ` FOUND`. */
export interface Find {
  /** As it stands in the log; undefined without `LogTime`, and in clamonacc's log. */
  readonly stamp: string | undefined;
  /** A path; `instream(…)` or `fd[…]` when clamd was given the content only. */
  readonly object: string;
  /** Without `.UNOFFICIAL`, which clamd puts after names of databases that ClamAV has not signed. */
  readonly name: string;
}

/** `Mon Nov 23 04:59:17 2026 -> /srv/a b.com: Win.Trojan.X-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND` */
const found = /^(?:(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}) -> )?(.+): (\S+) FOUND$/;
const hashAndSize = /\([0-9a-f]{32}:\d{1,20}\)$/;

export function parseFind(line: string): Find | undefined {
  if (!line.endsWith(' FOUND')) return undefined;
  const [, stamp, object, signature] = found.exec(line) ?? [];
  if (object === undefined || signature === undefined) return undefined;
  return { stamp, object, name: signature.replace(hashAndSize, '').replace(/\.UNOFFICIAL$/, '') };
}

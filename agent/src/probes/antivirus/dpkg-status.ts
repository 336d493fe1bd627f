/** Source: `/var/lib/dpkg/status`, deb-control(5). */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A machine with a desktop has 3 MB of it. */
const maxBytes = 32 * 1024 * 1024;

/** `2:1.4.3+dfsg-1~deb12u1`: what the maker calls it stands between the epoch and what the packager adds. */
const packagersPart = /^\d+:|-[^-]*$|\+(?:dfsg|ds).*$/g;

/** Which packages are installed, without starting dpkg; knows of none on systems without it. */
export class DpkgStatus {
  readonly #path: string;
  #modified: number | undefined;
  #versions: ReadonlyMap<string, string> = new Map();

  constructor(root: string) {
    this.#path = join(root, 'var/lib/dpkg/status');
  }

  /** Of the first of these packages that is installed. */
  version(...packages: readonly string[]): string | undefined {
    const versions = this.#look();
    return packages.map((name) => versions.get(name)).find((version) => version !== undefined);
  }

  /** The first installed package with such a name. */
  find(pattern: RegExp): { readonly name: string; readonly version: string } | undefined {
    for (const [name, version] of this.#look()) if (pattern.test(name)) return { name, version };
    return undefined;
  }

  #look(): ReadonlyMap<string, string> {
    try {
      const { mtimeMs, size } = statSync(this.#path);
      if (mtimeMs !== this.#modified)
        this.#versions = size <= maxBytes ? parseStatus(readFileSync(this.#path, 'utf8')) : new Map();
      this.#modified = mtimeMs;
    } catch {
      this.#versions = new Map();
    }
    return this.#versions;
  }
}

/** Versions by name. A package that was removed and left its configuration has a paragraph too. */
export function parseStatus(text: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const [, name, paragraph] of text.matchAll(/^Package: (\S+)\n((?:.+\n)*)/gm)) {
    if (name === undefined || paragraph === undefined) continue;
    if (!/^Status: \S+ \S+ installed$/m.test(paragraph)) continue;
    const version = /^Version: (\S{1,128})$/m.exec(paragraph)?.[1];
    if (version !== undefined) versions.set(name, version.replace(packagersPart, ''));
  }
  return versions;
}

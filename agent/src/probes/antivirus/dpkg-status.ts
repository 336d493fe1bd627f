/** Source: `/var/lib/dpkg/status`, deb-control(5). */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A machine with a desktop has 3 MB of it. */
const maxBytes = 32 * 1024 * 1024;

/** `2:1.4.3+dfsg-1~deb12u1`: what the maker calls it stands between the epoch and what the packager adds. */
const packagersPart = /^\d+:|-[^-]*$|\+(?:dfsg|ds).*$/g;

interface Package {
  readonly name: string;
  readonly version: string;
}

/** Which packages are installed, without starting dpkg; knows of none on systems without it. */
export class DpkgStatus {
  readonly #path: string;
  #modified: number | undefined;
  #versions: ReadonlyMap<string, string> = new Map();
  /** What was found of each pattern: thousands of names are not tried each minute while nothing is installed. */
  readonly #found = new Map<RegExp, Package | undefined>();

  constructor(root: string) {
    this.#path = join(root, 'var/lib/dpkg/status');
  }

  /** Of the first of these packages that is installed. */
  version(...packages: readonly string[]): string | undefined {
    const versions = this.#look();
    return packages.map((name) => versions.get(name)).find((version) => version !== undefined);
  }

  /** The first installed package with such a name. */
  find(pattern: RegExp): Package | undefined {
    const versions = this.#look();
    if (!this.#found.has(pattern)) this.#found.set(pattern, firstNamed(versions, pattern));
    return this.#found.get(pattern);
  }

  #look(): ReadonlyMap<string, string> {
    try {
      const { mtimeMs, size } = statSync(this.#path);
      if (mtimeMs !== this.#modified) {
        this.#found.clear();
        this.#versions = size <= maxBytes ? parseStatus(readFileSync(this.#path, 'utf8')) : new Map();
      }
      this.#modified = mtimeMs;
    } catch {
      this.#found.clear();
      this.#versions = new Map();
      this.#modified = undefined;
    }
    return this.#versions;
  }
}

function firstNamed(versions: ReadonlyMap<string, string>, pattern: RegExp): Package | undefined {
  for (const [name, version] of versions) if (pattern.test(name)) return { name, version };
  return undefined;
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

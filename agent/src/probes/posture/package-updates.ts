/** What package managers print of pending updates. */

export interface Updates {
  readonly total: number;
  /** Name and version of each security update. */
  readonly security: readonly string[];
}

/**
 * `Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])`
 */
const inst = /^Inst (\S{1,200}) (?:\[[^\]]{0,200}\] )?\((\S{1,200}) ([^()]{0,1000})\)/;

/** `apt-get -s dist-upgrade`. Throws when no line is one of its own: no updates look different from no answer. */
export function parseAptSimulation(text: string): Updates {
  const lines = text.split('\n');
  // With LC_ALL=C: "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded."
  if (!lines.some((line) => /^\d{1,6} upgraded, \d{1,6} newly installed/.test(line))) {
    throw new Error('apt-get printed no summary');
  }
  const found = lines.flatMap((line) => {
    const [, name, version, origins = ''] = inst.exec(line) ?? [];
    return name === undefined ? [] : [{ update: `${name} ${version}`, isSecurity: /-security\b/i.test(origins) }];
  });
  return { total: found.length, security: found.flatMap(({ update, isSecurity }) => (isSecurity ? [update] : [])) };
}

/** `dnf updateinfo list --security`: `RHSA-2024:1234 Important/Sec. openssl-1:3.0.7-25.el9_3.x86_64`. */
export function parseDnfSecurity(text: string): string[] {
  const packages = text.split('\n').flatMap((line) => {
    const [advisory = '', kind = '', name, ...more] = line.trim().split(/\s+/);
    const isRow = /^[A-Z][A-Za-z-]{1,20}-\d{4}[:-]/.test(advisory) && /sec/i.test(kind) && more.length === 0;
    return isRow && name !== undefined ? [name.slice(0, 200)] : [];
  });
  return [...new Set(packages)];
}

/** `dnf check-update`: `openssl.x86_64  1:3.0.7-25.el9_3  baseos`, until the list of obsolete ones. */
export function parseDnfUpdates(text: string): number {
  const end = text.search(/^Obsoleting Packages/m);
  const rows = (end === -1 ? text : text.slice(0, end)).split('\n');
  return rows.filter((row) => /^\S{1,200}\.[a-z0-9_]{1,20}\s+\S{1,200}\s+\S{1,100}\s*$/.test(row)).length;
}

const update = /<update\s([^<>]{1,2000})>/g;
const attribute = /([a-z-]{1,30})=["']([^"'<>]{0,300})["']/g;

/**
 * `zypper --xmlout list-updates` and `list-patches`: `<update kind="patch" name="SUSE-2026-112" edition="1"
 * status="needed" category="security">`. Throws when there is no list: none pending looks different from no answer.
 */
export function parseZypper(updates: string, patches: string): Updates {
  const needed = zypperList(patches).filter(
    ({ kind, category, status = 'needed' }) => kind === 'patch' && category === 'security' && status === 'needed',
  );
  const names = needed.flatMap(({ name, edition = '' }) => (name ? [`${name} ${edition}`.trim()] : []));
  const packages = zypperList(updates).filter(({ kind }) => kind === 'package');
  // A patch is a group of packages, which are listed on their own, too.
  return { total: Math.max(packages.length, names.length), security: [...new Set(names)] };
}

function zypperList(text: string): Partial<Record<string, string>>[] {
  if (!/<update-list\s*\/?>/.test(text)) throw new Error('zypper printed no list');
  return [...text.matchAll(update)].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(attribute)].map(([, name, value]) => [name, value])),
  );
}

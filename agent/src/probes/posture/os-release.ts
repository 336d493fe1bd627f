/** `/etc/os-release`. https://www.freedesktop.org/software/systemd/man/latest/os-release.html */

export interface OsRelease {
  readonly id: string;
  readonly version: string;
  /** Distributions that it is made from: `rhel fedora`. */
  readonly like: readonly string[];
}

export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^([A-Z_]{1,40})=(.{0,400})$/.exec(line.trim()) ?? [];
    values.set(key, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  const like = (values.get('ID_LIKE') ?? '').split(/\s+/).filter((id) => id !== '');
  return { id: values.get('ID') ?? '', version: values.get('VERSION_ID') ?? '', like };
}

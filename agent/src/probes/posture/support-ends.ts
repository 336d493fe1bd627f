/**
 * When the makers stop to mend security holes for everybody: the last day, without support that is bought in addition
 * (ESU of Windows, Ubuntu Pro, Debian ELTS). Long-term support by volunteers counts for Debian.
 *
 * https://wiki.debian.org/LTS, https://ubuntu.com/about/release-cycle, https://access.redhat.com/support/policy/updates/errata,
 * https://wiki.almalinux.org/release-notes/, https://wiki.rockylinux.org/rocky/version/, https://www.centos.org/centos-linux-eol/,
 * https://en.opensuse.org/Lifetime, https://learn.microsoft.com/lifecycle/products/,
 * https://learn.microsoft.com/windows/release-health/release-information
 */

/** By `ID` and `VERSION_ID` of os-release, where only the part before the dot counts for those of Red Hat's kind. */
const linux: Readonly<Record<string, string>> = {
  'debian 9': '2022-06-30',
  'debian 10': '2024-06-30',
  'debian 11': '2026-08-31',
  'debian 12': '2028-06-30',
  'debian 13': '2030-06-30',
  'ubuntu 16.04': '2021-04-30',
  'ubuntu 18.04': '2023-05-31',
  'ubuntu 20.04': '2025-05-31',
  'ubuntu 22.04': '2027-04-30',
  'ubuntu 24.04': '2029-04-30',
  'rhel 6': '2020-11-30',
  'rhel 7': '2024-06-30',
  'rhel 8': '2029-05-31',
  'rhel 9': '2032-05-31',
  'rhel 10': '2035-05-31',
  'almalinux 8': '2029-03-01',
  'almalinux 9': '2032-05-31',
  'almalinux 10': '2035-05-31',
  'rocky 8': '2029-05-31',
  'rocky 9': '2032-05-31',
  'rocky 10': '2035-05-31',
  'centos 6': '2020-11-30',
  'centos 7': '2024-06-30',
  // CentOS Linux 8 ended before; what still calls itself so is CentOS Stream.
  'centos 8': '2024-05-31',
  'centos 9': '2027-05-31',
  'ol 7': '2024-12-31',
  'ol 8': '2029-07-31',
  'ol 9': '2032-06-30',
  'opensuse-leap 15.5': '2024-12-31',
  'opensuse-leap 15.6': '2026-04-30',
};

/** By build; `home` is Home, Pro and those like them. */
const windowsClients: Readonly<Record<number, { home: string; enterprise: string; longTerm?: string }>> = {
  7601: { home: '2020-01-14', enterprise: '2020-01-14' },
  9200: { home: '2016-01-12', enterprise: '2016-01-12' },
  9600: { home: '2023-01-10', enterprise: '2023-01-10' },
  10240: { home: '2017-05-09', enterprise: '2017-05-09', longTerm: '2025-10-14' },
  14393: { home: '2018-04-10', enterprise: '2019-04-09', longTerm: '2026-10-13' },
  17763: { home: '2020-11-10', enterprise: '2021-05-11', longTerm: '2029-01-09' },
  18363: { home: '2021-05-11', enterprise: '2022-05-10' },
  19041: { home: '2021-12-14', enterprise: '2021-12-14' },
  19042: { home: '2022-05-10', enterprise: '2023-05-09' },
  19043: { home: '2022-12-13', enterprise: '2022-12-13' },
  19044: { home: '2023-06-13', enterprise: '2024-06-11', longTerm: '2027-01-12' },
  19045: { home: '2025-10-14', enterprise: '2025-10-14' },
  22000: { home: '2023-10-10', enterprise: '2024-10-08' },
  22621: { home: '2024-10-08', enterprise: '2025-10-14' },
  22631: { home: '2025-11-11', enterprise: '2026-11-10' },
  26100: { home: '2026-10-13', enterprise: '2027-10-12', longTerm: '2029-10-09' },
  26200: { home: '2027-10-12', enterprise: '2028-10-10' },
};

const windowsServers: Readonly<Record<number, string>> = {
  7601: '2020-01-14',
  9200: '2023-10-10',
  9600: '2023-10-10',
  14393: '2027-01-12',
  17763: '2029-01-09',
  20348: '2031-10-14',
  26100: '2034-10-10',
};

export interface WindowsRelease {
  readonly build: number;
  /** `EditionID` of the registry: `Professional`, `EnterpriseS`, `ServerStandard`. */
  readonly edition: string;
  readonly isServer: boolean;
}

const majorOnly = ['rhel', 'almalinux', 'rocky', 'centos', 'ol'];

/** The end of the last day, milliseconds since 1970; undefined for a system that the table does not have. */
export function linuxSupportEnd({ id, version }: { readonly id: string; readonly version: string }) {
  const key = majorOnly.includes(id) ? version.split('.')[0] : version;
  return endOf(linux[`${id} ${key}`]);
}

export function windowsSupportEnd({ build, edition, isServer }: WindowsRelease): number | undefined {
  if (isServer) return endOf(windowsServers[build]);
  const client = windowsClients[build];
  if (/^(?:IoT)?EnterpriseS/i.test(edition)) return endOf(client?.longTerm);
  return endOf(/^(?:Enterprise|Education|ServerRdsh|IoTEnterprise)/i.test(edition) ? client?.enterprise : client?.home);
}

function endOf(day: string | undefined): number | undefined {
  return day === undefined ? undefined : Date.parse(`${day}T23:59:59Z`);
}

export function supportFields(end: number | undefined, now: number) {
  if (end === undefined) return {};
  return { os_support_ends_seconds: end / 1_000, os_unsupported: now > end };
}

/**
 * A province in small, as hosts, wires and routes:
 *
 *     dc ── wan ──┬── gw1 ── sw1 ──┬── pc11          dc   data centre: collector, DNS, web, TLS, NTP
 *      │          └── gw2 ── …     └── pc12          wan  router of the government network (TSLCD)
 *     net ──┬── gw1 (second line)                    net  the Internet: router, public DNS and web
 *           └── gw2                                  sw   switch of a LAN, so that it works without its gateway
 *
 * A gateway sends 10.0.0.0/8 over TSLCD and the rest over the Internet; each line stands in for the other when its
 * carrier is lost, by way of the data centre's own line to the Internet.
 */

export type Commune = 1 | 2;
export type Host = 'dc' | 'wan' | 'net' | `gw${Commune}` | `sw${Commune}` | `pc${Commune}${1 | 2}`;
/** A line that can fail, named by the host it serves. */
export type Line = `${'dc' | `gw${Commune}`}.${'tslcd' | 'inet'}`;

interface End {
  readonly host: Host;
  readonly port: string;
  /** With prefix lengths; IPv6 beside IPv4. */
  readonly addresses: readonly string[];
}

const communes: readonly Commune[] = [1, 2];

export const addresses = {
  dc: '10.0.0.10',
  dc6: 'fdca::10',
  /** What the Internet offers to everyone: a resolver and a web server. */
  publicHost: '192.0.2.80',
  publicHost6: '2001:db8:80::80',
  lanNetwork: (commune: Commune) => `10.1.${commune}.0/24`,
  lanNetwork6: (commune: Commune) => `fdca:${commune}::/64`,
  gateway: (commune: Commune) => `10.1.${commune}.1`,
  gateway6: (commune: Commune) => `fdca:${commune}::1`,
  machine: (commune: Commune, machine: 1 | 2) => `10.1.${commune}.1${machine}`,
  machine6: (commune: Commune, machine: 1 | 2) => `fdca:${commune}::1${machine}`,
  /** A gateway's own end of its line, and the router's. */
  tslcd: (commune: Commune) => `10.255.${commune}.2`,
  tslcdRouter: (commune: Commune) => `10.255.${commune}.1`,
  tslcdRouter6: (commune: Commune) => `fdca:ff0${commune}::1`,
  inet: (commune: Commune) => `198.51.100.${4 * commune + 2}`,
  inetRouter: (commune: Commune) => `198.51.100.${4 * commune + 1}`,
  inetRouter6: (commune: Commune) => `2001:db8:c${commune}::1`,
} as const;

export const hosts: readonly Host[] = [
  'dc',
  'wan',
  'net',
  ...communes.flatMap((c): Host[] => [`gw${c}`, `sw${c}`, `pc${c}1`, `pc${c}2`]),
];
export const routers: readonly Host[] = ['dc', 'wan', 'net', 'gw1', 'gw2'];
export const switches: readonly Host[] = ['sw1', 'sw2'];

export const wires: readonly (readonly [End, End])[] = [
  [
    { host: 'dc', port: 'tslcd', addresses: [`${addresses.dc}/24`, `${addresses.dc6}/64`] },
    { host: 'wan', port: 'dc', addresses: ['10.0.0.1/24', 'fdca::1/64'] },
  ],
  [
    { host: 'dc', port: 'inet', addresses: ['203.0.113.2/30', '2001:db8:dc::2/64'] },
    { host: 'net', port: 'dc', addresses: ['203.0.113.1/30', '2001:db8:dc::1/64'] },
  ],
  ...communes.flatMap((c): (readonly [End, End])[] => [
    [
      { host: `gw${c}`, port: 'tslcd', addresses: [`${addresses.tslcd(c)}/30`, `fdca:ff0${c}::2/64`] },
      { host: 'wan', port: `gw${c}`, addresses: [`${addresses.tslcdRouter(c)}/30`, `${addresses.tslcdRouter6(c)}/64`] },
    ],
    [
      { host: `gw${c}`, port: 'inet', addresses: [`${addresses.inet(c)}/30`, `2001:db8:c${c}::2/64`] },
      { host: 'net', port: `gw${c}`, addresses: [`${addresses.inetRouter(c)}/30`, `${addresses.inetRouter6(c)}/64`] },
    ],
    [
      { host: `gw${c}`, port: 'lan', addresses: [`${addresses.gateway(c)}/24`, `${addresses.gateway6(c)}/64`] },
      { host: `sw${c}`, port: 'p0', addresses: [] },
    ],
    ...([1, 2] as const).map((m): readonly [End, End] => [
      {
        host: `pc${c}${m}`,
        port: 'lan',
        addresses: [`${addresses.machine(c, m)}/24`, `${addresses.machine6(c, m)}/64`],
      },
      { host: `sw${c}`, port: `p${m}`, addresses: [] },
    ]),
  ]),
];

/** Arguments of `ip route replace`; those with a colon are IPv6. */
export function routesOf(host: Host): readonly string[] {
  const commune: Commune = /^(gw|sw|pc)2/.test(host) ? 2 : 1;
  if (host === 'dc') {
    return ['10.0.0.0/8 via 10.0.0.1', 'default via 203.0.113.1', 'fdca::/16 via fdca::1', '::/0 via 2001:db8:dc::1'];
  }
  if (host === 'wan') {
    return [
      `default via ${addresses.dc}`,
      `::/0 via ${addresses.dc6}`,
      ...communes.flatMap((c) => [
        `${addresses.lanNetwork(c)} via ${addresses.tslcd(c)}`,
        `${addresses.lanNetwork6(c)} via fdca:ff0${c}::2`,
      ]),
    ];
  }
  // The data centre's address as the Internet knows it.
  if (host === 'net') return [`${addresses.dc} via 203.0.113.2`, `${addresses.dc6} via 2001:db8:dc::2`];
  if (host === `gw${commune}`) {
    const [tslcd, inet] = [addresses.tslcdRouter(commune), addresses.inetRouter(commune)];
    const [tslcd6, inet6] = [addresses.tslcdRouter6(commune), addresses.inetRouter6(commune)];
    return [
      `10.0.0.0/8 via ${tslcd} metric 100`,
      `default via ${inet} metric 100`,
      `default via ${tslcd} metric 200`,
      `fdca::/16 via ${tslcd6} metric 100`,
      `::/0 via ${inet6} metric 100`,
      `::/0 via ${tslcd6} metric 200`,
    ];
  }
  if (host.startsWith('pc')) {
    return [`default via ${addresses.gateway(commune)}`, `::/0 via ${addresses.gateway6(commune)}`];
  }
  return [];
}

/** The router's end of a line, which is where it is cut and hindered. */
export function routerEnd(line: Line): { readonly host: Host; readonly port: string } {
  const [served, network] = line.split('.');
  return { host: network === 'tslcd' ? 'wan' : 'net', port: served ?? '' };
}

/** Addresses that are translated on the way to the Internet. */
export const privateNetworks = { v4: '10.0.0.0/8', v6: 'fdca::/16' } as const;

/** A province in small: built of network namespaces, with real servers, and gone after the test. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Point } from '@vonggac/shared';
import { TestAuthority } from '../../../collector/src/trust/testing/test-authority.ts';
import { agentProgram, type Place } from '../program.ts';
import type { DnsTable } from './dns-server.ts';
import { Faults, portalPorts } from './faults.ts';
import { missingForNamespaces, Namespaces } from './namespaces.ts';
import { addresses, type Host, hosts, privateNetworks, routers, switches, wires } from './plan.ts';
import { Services } from './services.ts';

/** Why a province cannot be built here, or undefined; said once, because a skipped test says nothing. */
export const missing = missingForNamespaces();
if (missing !== undefined) process.stderr.write(`tests in network namespaces are skipped: ${missing}\n`);

export const names = {
  portal: 'cong.tinh.example',
  collector: 'trung-tam.tinh.example',
  onlyIpv4: 'cu.tinh.example',
  public: 'www.internet.example',
} as const;

export const tlsPorts = { ending: 9441, ended: 9442, anothers: 9443, unknown: 9444 } as const;

const table: DnsTable = {
  names: {
    [names.portal]: [addresses.dc, addresses.dc6],
    [names.collector]: [addresses.dc, addresses.dc6],
    [names.onlyIpv4]: [addresses.dc],
    [names.public]: [addresses.publicHost, addresses.publicHost6],
  },
  lie: ['192.0.2.66'],
};

const routerSettings = {
  'ipv4/ip_forward': 1,
  'ipv6/conf/all/forwarding': 1,
};
const hostSettings = {
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/default/rp_filter': 0,
  // Static routes and IPv6 addresses outlive a lost carrier, and routes over a dead line are passed over.
  'ipv4/conf/all/ignore_routes_with_linkdown': 1,
  'ipv4/conf/default/ignore_routes_with_linkdown': 1,
  'ipv6/conf/all/ignore_routes_with_linkdown': 1,
  'ipv6/conf/default/ignore_routes_with_linkdown': 1,
  'ipv6/conf/all/keep_addr_on_down': 1,
  'ipv6/conf/default/keep_addr_on_down': 1,
  'ipv6/conf/default/accept_dad': 0,
  // Traceroute counts hops by these answers.
  'ipv4/icmp_ratelimit': 0,
};

const translation = (uplink: string) => `
table inet translation {
  chain out {
    type nat hook postrouting priority 100;
    oifname "${uplink}" ip saddr ${privateNetworks.v4} masquerade
    oifname "${uplink}" ip6 saddr ${privateNetworks.v6} masquerade
  }
}`;

export class Province {
  readonly namespaces = new Namespaces<Host>(hosts);
  readonly faults = new Faults(this.namespaces);
  /** Of the data centre. */
  readonly services = new Services(this.namespaces.prefix('dc'));
  readonly #internet = new Services(this.namespaces.prefix('net'));
  /** The authority of the province's servers, for those that trust it. */
  readonly trustFile = join(tmpdir(), `vonggac-test-${process.pid}-authority.pem`);

  async start(): Promise<void> {
    if (missing !== undefined) throw new Error(missing);
    this.namespaces.create();
    for (const host of hosts) {
      this.namespaces.settings(host, { ...hostSettings, ...(routers.includes(host) && routerSettings) });
      this.namespaces.ip(host, ['link set lo up']);
    }
    for (const [left, right] of wires) {
      const peer = `peer name ${right.port} netns ${this.namespaces.full(right.host)}`;
      this.namespaces.ip(left.host, [`link add ${left.port} type veth ${peer}`]);
    }
    this.namespaces.ip('net', [
      `addr add ${addresses.publicHost}/32 dev lo`,
      `addr add ${addresses.publicHost6}/128 dev lo`,
    ]);
    for (const host of switches) {
      const ports = ['p0', 'p1', 'p2'].map((port) => `link set ${port} master lan`);
      this.namespaces.ip(host, ['link add lan type bridge forward_delay 0', 'link set lan up', ...ports]);
    }
    for (const host of ['dc', 'gw1', 'gw2'] as const) this.namespaces.nft(host, translation('inet'));
    for (const host of ['dc', 'gw1', 'gw2'] as const) this.namespaces.resolvers(host, [addresses.dc]);
    await this.faults.heal();
    await this.#serve();
  }

  /** Removes everything; safe twice and after a start that failed. */
  async stop(): Promise<void> {
    await this.services.stop();
    await this.#internet.stop();
    this.namespaces.remove();
    rmSync(this.trustFile, { force: true });
  }

  /** Makes everything right again. */
  async heal(): Promise<void> {
    await this.faults.heal();
    await this.services.dns('right');
    await this.services.web('right');
    await this.services.clock(0);
  }

  /** For programs that run on the host; a collector is only reached in the data centre. */
  place(host: Host): Place {
    const fetch = (url: URL, init: { headers: Record<string, string> }) => this.services.fetch(url, init);
    return { prefix: this.namespaces.prefix(host), listen: '::', host: addresses.dc, fetch };
  }

  /** `vonggac-agent probe connectivity` on a machine, as a person runs it. */
  async probe(host: Host, ...targets: string[]): Promise<Point[]> {
    const args = [
      agentProgram,
      'probe',
      'connectivity',
      '--json',
      ...targets.flatMap((target) => ['--target', target]),
    ];
    const environment = { VONGGAC_AGENT_LANG: 'en', SSL_CERT_FILE: this.trustFile };
    const { stdout, stderr } = await this.namespaces.run(host, { command: process.execPath, args, environment });
    try {
      return (JSON.parse(stdout) as { points: Point[] }).points;
    } catch (error) {
      throw new Error(`the probe printed no JSON: ${stdout}${stderr}`, { cause: error });
    }
  }

  /** Loads a page for that long, to fill the line. */
  async download(host: Host, url: string, forMs: number): Promise<void> {
    const script = `for await (const chunk of (await fetch('${url}', { signal: AbortSignal.timeout(${forMs}) })).body);`;
    await this.namespaces.run(host, { command: process.execPath, args: ['--input-type=module', '-e', script] });
  }

  /** Bytes that an interface has sent and received. */
  traffic(host: Host, port: string): { readonly sent: number; readonly received: number } {
    const text = this.namespaces.execute(host, { command: 'ip', args: ['-s', '-j', 'link', 'show', port] });
    const [link] = JSON.parse(text) as [{ stats64: { rx: { bytes: number }; tx: { bytes: number } } }];
    return { sent: link.stats64.tx.bytes, received: link.stats64.rx.bytes };
  }

  async #serve(): Promise<void> {
    const authority = await TestAuthority.create();
    const stranger = await TestAuthority.create();
    writeFileSync(this.trustFile, authority.root);
    const portal = await authority.issue(names.portal, 300);
    const both = [addresses.dc, addresses.dc6];
    const on = (port: number, tls?: { key: string; cert: string }) =>
      both.map((address) => ({ address, port, ...(tls && { tls }) }));
    await this.services.start({
      dns: both.map((address) => ({ address, port: 53 })),
      names: table,
      web: [
        ...on(80),
        ...on(443, portal),
        ...on(tlsPorts.ending, await authority.issue(names.portal, 5)),
        ...on(tlsPorts.ended, await authority.issue(names.portal, -2)),
        ...on(tlsPorts.anothers, await authority.issue('khac.tinh.example', 300)),
        ...on(tlsPorts.unknown, await stranger.issue(names.portal, 300)),
      ],
      ntp: both,
    });
    const providers = [addresses.inetRouter(1), addresses.inetRouter(2)];
    await this.#internet.start({
      dns: [
        { address: addresses.publicHost, port: 53 },
        ...providers.map((address) => ({ address, port: portalPorts.dns, mode: 'lying' as const })),
      ],
      names: table,
      web: [
        { address: addresses.publicHost, port: 80 },
        { address: addresses.publicHost6, port: 80 },
        { address: addresses.publicHost, port: 443, tls: await authority.issue(names.public, 300) },
        ...providers.map((address) => ({ address, port: portalPorts.web, captive: address })),
      ],
      ntp: [],
    });
  }
}

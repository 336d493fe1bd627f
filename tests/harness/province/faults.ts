/** What goes wrong in a province. Everything is done to the routers; the machines only see what comes of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../program.ts';
import type { Namespaces } from './namespaces.ts';
import { addresses, type Commune, type Host, hosts, type Line, routerEnd, routers, routesOf, wires } from './plan.ts';

/** Before connection tracking, so that a dropped packet leaves no trace. */
const emptyTable = `
table inet faults {}
flush table inet faults
delete table inet faults
table inet faults {
  chain arriving { type filter hook prerouting priority -300; }
  chain leaving { type filter hook postrouting priority 300; }
  chain turned { type nat hook prerouting priority -100; }
}`;

const longLine = { device: 'far', table: 100, port: 7001, socatPort: 7002 } as const;
export const portalPorts = { web: 8081, dns: 5353 } as const;

export class Faults {
  readonly #namespaces: Namespaces<Host>;
  readonly #helpers: ChildProcess[] = [];
  readonly #off = new Set<Host>();
  #longLines = 0;

  constructor(namespaces: Namespaces<Host>) {
    this.#namespaces = namespaces;
  }

  /** The cable is out: both ends lose the carrier. The kernel may take a second to notice. */
  async cut(line: Line): Promise<void> {
    const { host, port } = routerEnd(line);
    this.#namespaces.ip(host, [`link set ${port} down`]);
    const [served, uplink] = line.split('.') as [Host, string];
    await until('the carrier to be lost', () => /\sDOWN\s/.test(this.#link(served, uplink)));
  }

  restore(line: Line): void {
    const { host, port } = routerEnd(line);
    this.#namespaces.ip(host, [`link set ${port} up`]);
    this.#routes(host);
  }

  /** The cable is in, and nothing comes through. */
  silence(line: Line): void {
    this.#drop(line, '');
  }

  /** The router at the far end answers no ping to itself; what it passes on is not touched. */
  mutePings(line: Line): void {
    const { host, port } = routerEnd(line);
    this.#add(host, `arriving iifname "${port}" fib daddr type local icmp type echo-request drop`);
    this.#add(host, `arriving iifname "${port}" fib daddr type local icmpv6 type echo-request drop`);
  }

  /** Takes away what hinders the line, and the others of its router. */
  clear(line: Line): void {
    const { host } = routerEnd(line);
    for (const chain of ['arriving', 'leaving']) this.#namespaces.nft(host, `flush chain inet faults ${chain}`);
  }

  /** Of the packets that come from the served side, this share is lost at random. */
  loss(line: Line, percent: number): void {
    const { host, port } = routerEnd(line);
    this.#add(host, `arriving iifname "${port}" numgen random mod 100 < ${percent} drop`);
  }

  /** Packets larger than `bytes` vanish and nobody is told: a tunnel on the way whose operator filters ICMP. */
  losePacketsOver(line: Line, bytes: number): void {
    this.#drop(line, `meta length > ${bytes}`);
  }

  /** The line carries no more than that; what waits longer than `latencyMs` is lost. */
  rate(line: Line, limit: { kilobits: number; latencyMs: number }): void {
    const { host, port } = routerEnd(line);
    const shape = ['rate', `${limit.kilobits}kbit`, 'burst', '3000', 'latency', `${limit.latencyMs}ms`];
    this.#namespaces.execute(host, { command: 'tc', args: ['qdisc', 'replace', 'dev', port, 'root', 'tbf', ...shape] });
  }

  /** Packets of the line take this long there and back, as over a satellite. */
  async delay(line: Line, roundTripMs: number): Promise<void> {
    const { host, port } = routerEnd(line);
    const { device, table } = longLine;
    const [own, socat] = [longLine.port + 2 * this.#longLines, longLine.socatPort + 2 * this.#longLines];
    const name = `${device}${this.#longLines}`;
    this.#longLines += 1;
    const program = join(import.meta.dirname, 'long-line-process.ts');
    const relay = this.#helper(host, [process.execPath, program, `${roundTripMs / 2}`, `${own}`]);
    await once(relay, 'message');
    const tun = `TUN,tun-name=${name},tun-type=tun,iff-no-pi,iff-up`;
    this.#helper(host, ['socat', '-b', '65535', tun, `UDP4-DATAGRAM:127.0.0.1:${own},bind=127.0.0.1:${socat}`]);
    await until(`the device ${name}`, () => this.#link(host, name) !== '');
    const commune = line.startsWith('gw2') ? 2 : 1;
    const served = line.startsWith('dc') ? [addresses.dc, addresses.dc6] : servedBy(commune);
    this.#namespaces.ip(host, [`route replace default dev ${name} table ${table + this.#longLines}`]);
    this.#namespaces.ip(host, [`route replace ::/0 dev ${name} table ${table + this.#longLines}`]);
    for (const family of ['-4', '-6']) {
      // What comes out of the device goes on as ever; all else from and to the served side goes into it first.
      const rules = [`iif ${name} pref 10 table main`, `iif ${port} pref 20 table ${table + this.#longLines}`];
      const to = served.filter((network) => network.includes(':') === (family === '-6'));
      rules.push(...to.map((network) => `to ${network} pref 21 table ${table + this.#longLines}`));
      for (const rule of rules)
        this.#namespaces.execute(host, { command: 'ip', args: [family, 'rule', 'add', ...rule.split(' ')] });
    }
  }

  /** What the data centre sends to the commune goes over the Internet, what it gets from there comes over TSLCD. */
  asymmetric(commune: Commune): void {
    const lan = addresses.lanNetwork(commune);
    this.#namespaces.ip('dc', [`route replace ${lan} via 203.0.113.1`]);
    this.#namespaces.ip('net', [`route replace ${lan} via ${addresses.inet(commune)}`]);
  }

  /** A gateway lets nothing through to that port of the data centre, though it reaches it itself. */
  blockPort(commune: Commune, port: number): void {
    this.#add(`gw${commune}`, `arriving iifname "lan" ip daddr ${addresses.dc} tcp dport ${port} drop`);
    this.#add(`gw${commune}`, `arriving iifname "lan" ip6 daddr ${addresses.dc6} tcp dport ${port} drop`);
  }

  /** The Internet provider wants to be paid: web and names lead to its own page, all else is closed. */
  captivePortal(commune: Commune): void {
    const from = `iifname "gw${commune}"`;
    this.#add('net', `turned ${from} tcp dport 80 redirect to :${portalPorts.web}`);
    this.#add('net', `turned ${from} udp dport 53 redirect to :${portalPorts.dns}`);
    this.#namespaces.nft('net', 'add chain inet faults closed { type filter hook forward priority 0; }');
    this.#namespaces.nft('net', 'add chain inet faults inside { type filter hook input priority 0; }');
    for (const chain of ['closed', 'inside']) this.#add('net', `${chain} ${from} tcp dport 443 reject with tcp reset`);
  }

  /** The plug is out. Whatever ran on it has to be started again by the test. */
  off(host: Host): void {
    this.#namespaces.killAll(host);
    this.cutWires(host);
  }

  /** All of the host's wires are dead; what runs on it goes on, and it is on again by `on`. */
  cutWires(host: Host): void {
    this.#namespaces.ip(
      host,
      portsOf(host).map((port) => `link set ${port} down`),
    );
    this.#off.add(host);
  }

  on(host: Host): void {
    this.#namespaces.ip(
      host,
      portsOf(host).map((port) => `link set ${port} up`),
    );
    this.#routes(host);
    this.#off.delete(host);
  }

  /** Another machine in the place of the host, with the same addresses. */
  replace(host: Host, mac: string): void {
    for (const port of portsOf(host)) this.#namespaces.ip(host, [`link set ${port} address ${mac}`]);
  }

  /** The host loses its IPv4 addresses. */
  onlyIpv6(host: Host): void {
    const own = wires.flat().filter((end) => end.host === host);
    const lines = own.flatMap((end) => end.addresses.map((address) => `addr delete ${address} dev ${end.port}`));
    this.#namespaces.ip(
      host,
      lines.filter((line) => !line.includes(':')),
    );
    this.#namespaces.resolvers(host, [addresses.dc6]);
  }

  /** Makes everything right again; also before the first fault. */
  async heal(): Promise<void> {
    for (const helper of this.#helpers.splice(0)) await end(helper);
    for (const host of routers) {
      this.#namespaces.nft(host, emptyTable);
      for (const family of ['-4', '-6']) this.#clearRules(host, family);
    }
    for (const host of this.#off) this.on(host);
    for (const [left, right] of wires) {
      for (const { host, port, addresses: own } of [left, right]) {
        const lines = own.map(
          (address) => `addr replace ${address} dev ${port}${address.includes(':') ? ' nodad' : ''}`,
        );
        this.#namespaces.ip(host, [`link set ${port} up`, ...lines]);
        if (host === 'wan' || host === 'net') this.#unshape(host, port);
      }
    }
    for (const host of hosts) this.#routes(host);
    for (const commune of [1, 2] as const) {
      this.#namespaces.ip('dc', [`route flush ${addresses.lanNetwork(commune)}`]);
      this.#namespaces.ip('net', [`route flush ${addresses.lanNetwork(commune)}`]);
      for (const machine of [1, 2] as const) this.#namespaces.resolvers(`pc${commune}${machine}`, [addresses.dc]);
    }
  }

  #drop(line: Line, which: string): void {
    const { host, port } = routerEnd(line);
    this.#add(host, `arriving iifname "${port}" ${which} drop`);
    this.#add(host, `leaving oifname "${port}" ${which} drop`);
  }

  #add(host: Host, rule: string): void {
    this.#namespaces.nft(host, `add rule inet faults ${rule}`);
  }

  #routes(host: Host): void {
    this.#namespaces.ip(
      host,
      routesOf(host).map((route) => `route replace ${route}`),
    );
  }

  /** What `ip` says of a port in one line; empty when there is none. */
  #link(host: Host, port: string): string {
    const lines = this.#namespaces.execute(host, { command: 'ip', args: ['-br', 'link'] }).split('\n');
    return lines.find((line) => line.split(/[@ ]/)[0] === port) ?? '';
  }

  #clearRules(host: Host, family: string): void {
    for (const preference of ['10', '20', '21']) {
      while (this.#namespaces.execute(host, { command: 'ip', args: [family, 'rule', 'list', 'pref', preference] })) {
        this.#namespaces.execute(host, { command: 'ip', args: [family, 'rule', 'delete', 'pref', preference] });
      }
    }
  }

  #unshape(host: Host, port: string): void {
    const list = this.#namespaces.execute(host, { command: 'tc', args: ['qdisc', 'show', 'dev', port] });
    if (list.includes('tbf'))
      this.#namespaces.execute(host, { command: 'tc', args: ['qdisc', 'delete', 'dev', port, 'root'] });
  }

  #helper(host: Host, command: readonly string[]): ChildProcess {
    const [ip = '', ...args] = [...this.#namespaces.prefix(host), ...command];
    const child = spawn(ip, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#helpers.push(child);
    return child;
  }
}

/** The networks at the far side of a commune's TSLCD line. */
function servedBy(commune: Commune): readonly string[] {
  return [addresses.lanNetwork(commune), addresses.lanNetwork6(commune), addresses.tslcd(commune)];
}

function portsOf(host: Host): readonly string[] {
  return wires.flat().flatMap((end) => (end.host === host ? [end.port] : []));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What every machine watches without being told: its router, its resolvers, the collector. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { parseTarget, type TargetAddress, type TargetScope } from '@vonggac/shared';
import { defaultEverySeconds, type Target } from './target.ts';

/** What the operating system says. */
export interface NetworkFacts {
  /** The next hop of the default route. */
  readonly gateway: string | undefined;
  readonly resolvers: readonly string[];
}

export interface OwnPlace extends NetworkFacts {
  /** The machine's own networks, `10.0.0.5/24`. */
  readonly networks: readonly string[];
  /** Of the collector, `host:port`. */
  readonly collector: readonly string[];
  /** Whether the machine watches lines for others; all others are calm about their own router and resolvers. */
  readonly isGateway: boolean;
}

const maxResolvers = 2;
const maxCollectors = 3;
/** What a resolver is asked when the collector has no name: the delegation of Vietnam's government domain. */
const commonQuestion = { name: 'gov.vn', type: 'NS', expect: undefined } as const;

export function deriveTargets(place: OwnPlace): Target[] {
  const { gateway, resolvers, networks, collector, isGateway } = place;
  const addresses = collector.slice(0, maxCollectors).map((address) => parseTarget(`tcp://${address}`));
  const named = addresses.find(({ host }) => isIP(host) === 0);
  const query = named ? ({ name: named.host, type: 'A', expect: undefined } as const) : commonQuestion;
  const scopeOf = (address: string): TargetScope => (isOwn(address, networks) ? 'lan' : 'wan');
  const target = (id: string, address: TargetAddress, scope: TargetScope): Target => ({
    id,
    scope,
    every: defaultEverySeconds,
    ...(!isGateway && { isCalm: true }),
    address,
    anyAddress: true,
    anyAnswer: true,
  });
  return [
    ...(gateway === undefined ? [] : [target('gateway', { kind: 'icmp', host: gateway, port: 0 }, 'lan')]),
    ...resolvers
      .slice(0, maxResolvers)
      .map((host, index) => target(`resolver-${index + 1}`, { kind: 'dns', host, port: 53, query }, scopeOf(host))),
    ...addresses.map((address, index) => ({
      ...target(index === 0 ? 'collector' : `collector-${index + 1}`, address, 'wan'),
      isCalm: false,
      isCollector: true,
    })),
  ];
}

/** Whether the address is in a network that the machine itself is in. */
export function isOwn(address: string, networks: readonly string[]): boolean {
  const own = new BlockList();
  for (const network of networks) {
    const [base = '', prefix] = network.split('/');
    if (isIP(base) !== 0) own.addSubnet(base, Number(prefix), isIPv6(base) ? 'ipv6' : 'ipv4');
  }
  const plain = address.replace(/%.*$/, '');
  return isIP(plain) !== 0 && own.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

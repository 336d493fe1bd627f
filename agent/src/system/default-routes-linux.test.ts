import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DefaultRoutes, parseRoutes, parseRoutes6 } from './default-routes-linux.ts';

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';

// Of a Debian 12 machine with two lines (wan1 by DHCP, wan2 by PPPoE) and a LAN.
const twoLines = `${header}ppp0\t00000000\t00000000\t0001\t0\t0\t200\t00000000\t0\t0\t0
wan1\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
lan0\t0002A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
wan1\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
`;

// Of the same, `ip -6 route`: a default route by router advertisement, and the kernel's own "unreachable".
const six = `20010db8000100000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     lan0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003     wan1
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;

describe('IPv4', () => {
  test('gives default routes, the one in use first', () => {
    expect(parseRoutes(twoLines)).toEqual([
      { interface: 'wan1', family: 4, nextHop: '192.168.1.1', metric: 100 },
      { interface: 'ppp0', family: 4, nextHop: undefined, metric: 200 },
    ]);
  });

  test.each([
    ['rejected', `${header}eth0\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n`],
    ['not up', `${header}eth0\t00000000\t0101A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n`],
    ['0.0.0.0/1', `${header}tun0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n`],
    ['cut short', `${header}eth0\t00000000\t01`],
    ['empty', ''],
  ])('no default route: %s', (_name, text) => {
    expect(parseRoutes(text)).toEqual([]);
  });
});

test('IPv6', () => {
  expect(parseRoutes6(six)).toEqual([{ interface: 'wan1', family: 6, nextHop: 'fe80::1', metric: 1_024 }]);
  expect(parseRoutes6('damaged')).toEqual([]);
});

describe('the files', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'vonggac-routes-'));
    mkdirSync(join(root, 'proc/net'), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test('IPv4 comes before IPv6, which need not be there', () => {
    writeFileSync(join(root, 'proc/net/route'), twoLines);
    const routes = new DefaultRoutes(root);
    expect(routes.read()).toHaveLength(2);
    writeFileSync(join(root, 'proc/net/ipv6_route'), six);
    expect(routes.read().map(({ family }) => family)).toEqual([4, 4, 6]);
  });

  test('a router says so', () => {
    const routes = new DefaultRoutes(root);
    expect(routes.isRouter).toBe(false);
    mkdirSync(join(root, 'proc/sys/net/ipv4'), { recursive: true });
    writeFileSync(join(root, 'proc/sys/net/ipv4/ip_forward'), '1\n');
    expect(routes.isRouter).toBe(true);
  });

  test('a table that cannot be read is not an empty one', () => {
    expect(() => new DefaultRoutes(root).read()).toThrow('ENOENT');
  });
});

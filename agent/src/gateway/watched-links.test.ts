import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { DefaultRoute } from '../system/default-routes-linux.ts';
import { FoundLinks, findLines } from './watched-links.ts';

function four(cidr: string): NetworkInterfaceInfo {
  const address = cidr.split('/')[0] ?? '';
  return { family: 'IPv4', address, cidr, netmask: '', mac: '00:16:3e:00:00:01', internal: false };
}

function six(cidr: string): NetworkInterfaceInfo {
  return { ...four(cidr), family: 'IPv6', scopeid: 0 } as never;
}

function route(on: string, nextHop: string | undefined, metric: number): DefaultRoute {
  return { interface: on, family: nextHop?.includes(':') ? 6 : 4, nextHop, metric };
}

const interfaces = {
  inet: [four('198.51.100.6/30'), six('fe80::6/64')],
  tslcd: [four('10.255.1.2/30')],
  lan: [four('10.1.1.1/24')],
  ppp0: [four('100.64.3.4/32')],
};
const inet = route('inet', '198.51.100.5', 100);
const tslcd = route('tslcd', '10.255.1.1', 200);
const machine = { routes: [inet, tslcd], interfaces };

function summary(lines: ReturnType<typeof findLines>) {
  return lines.map((line) => [line.id, line.interface, line.nextHop, line.localAddress, line.isUp, line.isActive]);
}

describe('links of the record', () => {
  const bothFound = [
    ['internet', 'inet', '198.51.100.5', '198.51.100.6', true, true],
    ['tslcd', 'tslcd', '10.255.1.1', '10.255.1.2', true, false],
  ];
  test.each([
    [
      'by interface',
      [
        { id: 'internet', interface: 'inet' },
        { id: 'tslcd', interface: 'tslcd' },
      ],
    ],
    [
      'by next hop',
      [
        { id: 'internet', next_hop: '198.51.100.5' },
        { id: 'tslcd', next_hop: '10.255.1.1' },
      ],
    ],
    [
      'one by each',
      [
        { id: 'internet', next_hop: '198.51.100.5' },
        { id: 'tslcd', interface: 'tslcd' },
      ],
    ],
  ])('%s', (_name, links) => {
    expect(summary(findLines(links, machine))).toEqual(bothFound);
  });

  test('without a default route', () => {
    const only = { routes: [inet], interfaces };
    expect(summary(findLines([{ id: 'tslcd', next_hop: '10.255.1.1' }], only))).toEqual([
      ['tslcd', 'tslcd', '10.255.1.1', '10.255.1.2', true, false],
    ]);
  });

  test('that the machine does not have', () => {
    expect(
      summary(
        findLines(
          [
            { id: 'lte', interface: 'wwan0' },
            { id: 'far', next_hop: '192.0.2.1' },
          ],
          machine,
        ),
      ),
    ).toEqual([
      ['lte', 'wwan0', undefined, undefined, false, false],
      ['far', undefined, '192.0.2.1', undefined, false, false],
    ]);
  });

  test('on a line with but one other end', () => {
    const links = [{ id: 'pppoe', interface: 'ppp0' }];
    expect(summary(findLines(links, { routes: [route('ppp0', undefined, 0)], interfaces }))).toEqual([
      ['pppoe', 'ppp0', undefined, '100.64.3.4', true, true],
    ]);
  });
});

describe('the line in use', () => {
  const links = [
    { id: 'internet', interface: 'inet' },
    { id: 'tslcd', interface: 'tslcd' },
  ];
  const active = (routes: DefaultRoute[], shown: object = interfaces) =>
    findLines(links, { routes, interfaces: shown as never }).find((line) => line.isActive)?.id;

  test('is that of the route which comes first', () => {
    expect(active([inet, tslcd])).toBe('internet');
    expect(active([route('tslcd', '10.255.1.1', 50), inet])).toBe('tslcd');
    expect(active([])).toBeUndefined();
  });

  test('is another one when the carrier is lost', () => {
    expect(active([inet, tslcd], { ...interfaces, inet: undefined })).toBe('tslcd');
  });

  test('is known where IPv6 alone has a route', () => {
    expect(active([route('inet', 'fe80::1', 1_024)])).toBe('internet');
  });

  test('is none of those watched when it goes another way', () => {
    expect(active([route('lan', '10.1.1.254', 10), inet])).toBeUndefined();
  });
});

describe('the line of the session', () => {
  const links = [
    { id: 'internet', interface: 'inet' },
    { id: 'tslcd', next_hop: '10.255.1.1' },
  ];
  test.each([
    ['198.51.100.6', [true, false]],
    ['10.255.1.2', [false, true]],
    ['fe80::6', [true, false]],
    ['10.1.1.1', [undefined, undefined]],
    ['127.0.0.1', [undefined, undefined]],
    [undefined, [undefined, undefined]],
  ])('from %s', (sessionAddress, expected) => {
    expect(findLines(links, { ...machine, sessionAddress }).map(({ hasSession }) => hasSession)).toEqual(expected);
  });
});

describe('without a record', () => {
  test('each interface with a default route is a link, also when the route is taken away', () => {
    const found = new FoundLinks();
    const both = [
      { id: 'inet', interface: 'inet', next_hop: '198.51.100.5' },
      { id: 'tslcd', interface: 'tslcd', next_hop: '10.255.1.1' },
    ];
    expect(found.update([inet, tslcd, route('inet', 'fe80::1', 1_024)])).toEqual(both);
    expect(found.update([tslcd])).toEqual(both);
    expect(found.update([])).toEqual(both);
  });

  test('as many as a record can have, the latest', () => {
    const found = new FoundLinks();
    for (let index = 0; index < 20; index += 1) found.update([route(`ppp${index}`, undefined, 0)]);
    const ids = found.update([]).map(({ id }) => id);
    expect([ids.length, ids.includes('ppp19')]).toEqual([8, true]);
  });
});

import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ipv4Base, ipv4Number, ipv4Text, ownAddresses, ownNetworks } from './own-networks.ts';

function four(cidr: string, more: Partial<NetworkInterfaceInfo> = {}): NetworkInterfaceInfo {
  const address = cidr.split('/')[0] ?? '';
  const netmask = '255.255.255.0';
  return { family: 'IPv4', address, cidr, netmask, mac: '00:16:3e:00:00:01', internal: false, ...more } as never;
}

function six(cidr: string): NetworkInterfaceInfo {
  return { ...four(cidr), family: 'IPv6', scopeid: 0 } as never;
}

const machine = {
  lo: [four('127.0.0.1/8', { internal: true, mac: '00:00:00:00:00:00' })],
  lan0: [six('fe80::1/64'), six('2001:db8:0:7:216:3eff:fe00:1/64'), four('10.1.2.3/23')],
  docker0: [four('172.17.0.1/16')],
  'br-0123456789ab': [four('172.18.0.1/16')],
  tun0: [four('10.8.0.2/24', { mac: '00:00:00:00:00:00' })],
  wan0: [four('203.0.113.5/30')],
  odd: [four('169.254.3.4/16'), four('10.9.9.9/32'), four('10.9.9.9/31'), four('10.9.9.9', { cidr: null })],
};

describe('own addresses', () => {
  test('are those that others can use, IPv4 first', () => {
    expect(ownAddresses({ ...machine, odd: undefined })).toEqual([
      '10.1.2.3',
      '203.0.113.5',
      '2001:db8:0:7:216:3eff:fe00:1',
    ]);
  });

  test('are as many as a hello may hold', () => {
    const many = Array.from({ length: 50 }, (_, index) => four(`10.0.0.${index + 1}/24`));
    expect(ownAddresses({ lan0: many })).toHaveLength(8);
  });

  test('may be none', () => {
    expect(ownAddresses({})).toEqual([]);
  });
});

test('own networks are those shared with others', () => {
  expect(ownNetworks(machine).map((network) => [network.interface, network.family, network.name])).toEqual([
    ['lan0', 6, '2001:db8:0:7::/64'],
    ['lan0', 4, '10.1.2.0/23'],
    ['wan0', 4, '203.0.113.4/30'],
  ]);
});

test.each([
  ['2001:db8:1:2:3:4:5:6/48', '2001:db8:1::/48'],
  ['2001:db8:1:ff2:3:4:5:6/60', '2001:db8:1:ff0::/60'],
])('the network of %s', (cidr, name) => {
  expect(ownNetworks({ lan0: [six(cidr)] })[0]?.name).toBe(name);
});

test('addresses as numbers', () => {
  expect(ipv4Number('10.1.2.3')).toBe(0x0a010203);
  expect(ipv4Text(0xfffffffe)).toBe('255.255.255.254');
  expect(ipv4Text(ipv4Base('192.168.7.200', 22))).toBe('192.168.4.0');
});

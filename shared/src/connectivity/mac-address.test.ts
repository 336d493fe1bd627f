import { expect, test } from 'vitest';
import { isDeviceMac, isLocalMac, parseMac } from './mac-address.ts';

test.each([
  ['00:16:3E:12:34:56', '00:16:3e:12:34:56'],
  ['00-16-3e-12-34-56', '00:16:3e:12:34:56'],
  ['00:16-3e:12:34:56', undefined],
  ['0:16:3e:12:34:56', undefined],
  ['00:16:3e:12:34', undefined],
  // InfiniBand's are longer.
  ['00:16:3e:12:34:56:78:9a', undefined],
  ['', undefined],
])('reads %s', (text, mac) => {
  expect(parseMac(text)).toBe(mac);
});

test.each([
  ['00:16:3e:12:34:56', true, false],
  ['02:16:3e:12:34:56', true, true],
  ['da:a1:19:12:34:56', true, true],
  ['00:00:00:00:00:00', false, false],
  ['ff:ff:ff:ff:ff:ff', false, true],
  ['01:00:5e:00:00:fb', false, false],
  ['33:33:00:00:00:01', false, true],
])('%s is of a device: %s, made up: %s', (mac, device, local) => {
  expect([isDeviceMac(mac), isLocalMac(mac)]).toEqual([device, local]);
});

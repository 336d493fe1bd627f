import { describe, expect, it } from 'vitest';
import { parseRegistryQuery } from '../../system/registry-query.ts';
import { sample } from '../windows/testing/fake-windows.ts';
import { decodeState, fromKey, fromScript, newestOfEach } from './security-center-windows.ts';

describe('decodeState', () => {
  it.each([
    [397_568, true, false],
    [397_584, true, true],
    [393_472, false, false],
    [401_664, false, false],
    [266_240, true, false],
    [266_256, true, true],
    [262_144, false, false],
    [262_160, false, true],
    [331_776, true, false],
    [393_216, false, false],
    [397_312, true, false],
    [0, false, false],
    [0xffff, undefined, undefined],
  ])('reads %i', (state, isOn, outOfDate) => {
    expect(decodeState(state, '')).toMatchObject({ isOn, outOfDate });
  });
});

it('reads the registry', () => {
  const [defender] = parseRegistryQuery(sample('reg-query-securitycenter-provider-av.txt')).map(fromKey);
  expect(defender).toEqual({
    name: 'Windows Defender',
    isOn: true,
    outOfDate: false,
    isMicrosoft: true,
    program: 'windowsdefender://',
    time: undefined,
  });
  expect(parseRegistryQuery('HKEY_X\n    DISPLAYNAME    REG_SZ    x').map(fromKey)).toEqual([undefined]);
});

it('reads PowerShell', () => {
  const entry = { displayName: 'Sophos Anti-Virus', productState: 331_776, timestamp: 'Tue, 02 Nov 2021 15:42:21 GMT' };
  expect(fromScript(entry)).toMatchObject({ isOn: true, isMicrosoft: false, time: Date.UTC(2021, 10, 2, 15, 42, 21) });
  expect(fromScript({ ...entry, productState: '331776' })).toBeUndefined();
});

it('keeps the newest of twins, and without times the one that is on', () => {
  const twin = { name: 'x', outOfDate: false, isMicrosoft: false, program: undefined };
  const old = { ...twin, isOn: true, time: 1 };
  const fresh = { ...twin, isOn: false, time: 2 };
  expect(newestOfEach([old, fresh])).toEqual([fresh]);
  const off = { ...fresh, time: undefined };
  const on = { ...old, time: undefined };
  expect(newestOfEach([off, on])).toEqual([on]);
});

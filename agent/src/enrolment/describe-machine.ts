/** What a machine says of itself when it enrols, for the person who decides about it. */
import { readFileSync } from 'node:fs';
import { hostname, type NetworkInterfaceInfo, networkInterfaces, release, version as systemVersion } from 'node:os';
import { type EnrolmentRequest, limits, maxAddresses } from '@vonggac/shared';
import { version } from '../version.ts';

export type MachineDescription = Pick<EnrolmentRequest, 'hostname' | 'platform' | 'version' | 'system' | 'addresses'>;

export function describeMachine(): MachineDescription {
  return {
    hostname: hostname(),
    platform: process.platform,
    version,
    system: systemName().slice(0, limits.text),
    addresses: addressesOf(networkInterfaces()),
  };
}

function systemName(): string {
  if (process.platform !== 'linux') return `${systemVersion()} ${release()}`;
  try {
    return parseOsRelease(readFileSync('/etc/os-release', 'utf8')) ?? release();
  } catch {
    return release();
  }
}

/** The name for people of https://www.freedesktop.org/software/systemd/man/os-release.html. */
export function parseOsRelease(text: string): string | undefined {
  const value = /^PRETTY_NAME=(.*)$/m
    .exec(text)?.[1]
    ?.trim()
    .replace(/^(["'])(.*)\1$/, '$2');
  return value === '' ? undefined : value;
}

/** Those that others can know the machine by. */
export function addressesOf(interfaces: NodeJS.Dict<readonly NetworkInterfaceInfo[]>): string[] {
  return Object.values(interfaces)
    .flatMap((all) => all ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
    .map(({ address }) => address)
    .slice(0, maxAddresses);
}

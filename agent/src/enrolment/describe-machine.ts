/** What a machine says of itself when it enrols, for the person who decides about it. */
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces, release, version as systemVersion } from 'node:os';
import { type EnrolmentRequest, limits } from '@vonggac/shared';
import { ownAddresses } from '../system/own-networks.ts';
import { version } from '../version.ts';

export type MachineDescription = Pick<EnrolmentRequest, 'hostname' | 'platform' | 'version' | 'system' | 'addresses'>;

export function describeMachine(): MachineDescription {
  return {
    hostname: hostname(),
    platform: process.platform,
    version,
    system: systemName().slice(0, limits.text),
    addresses: ownAddresses(networkInterfaces()),
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

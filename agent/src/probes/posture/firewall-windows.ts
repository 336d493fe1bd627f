/**
 * The Windows firewall, profile by profile. Source: the registry, where a policy's word counts before the machine's own;
 * and the service that does it. https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/
 */
import { type RegistryKey, registryNumber } from '../../system/registry-query.ts';
import { keepFor, type WindowsMachine } from '../windows/windows-machine.ts';
import type { PostureFields, PosturePart } from './posture.ts';

const local = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const policy = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';
/** `StandardProfile` is what the private one was called in Windows XP. */
const profiles = {
  firewall_domain: ['DomainProfile'],
  firewall_private: ['PrivateProfile', 'StandardProfile'],
  firewall_public: ['PublicProfile'],
} as const;

export function firewallPart(machine: WindowsMachine): PosturePart {
  return {
    name: 'firewall',
    async read(_context, signal) {
      const service = (await machine.services(signal)).get('mpssvc');
      const ask = (path: string) =>
        machine.registry([path, '/s', '/v', 'EnableFirewall'], { signal, seconds: keepFor.settings });
      return firewallFields({ runs: service?.running, local: await ask(local), policy: await ask(policy) });
    },
  };
}

export function firewallFields(found: {
  readonly runs: boolean | undefined;
  readonly local: readonly RegistryKey[];
  readonly policy: readonly RegistryKey[];
}): PostureFields {
  if (found.runs === false) return { firewall: false, firewall_backend: 'none', problem: 'its service does not run' };
  const states = Object.entries(profiles).map(([field, names]) => {
    const value = enabled(found.policy, names) ?? enabled(found.local, names);
    return [field, value] as const;
  });
  const fields: PostureFields = { ...Object.fromEntries(states), firewall_backend: 'windows' };
  const values = states.map(([, value]) => value);
  if (found.runs === undefined) return { ...fields, problem: 'its service is not there' };
  if (values.every((value) => value === true)) return { ...fields, firewall: true };
  if (values.every((value) => value === false)) return { ...fields, firewall: false };
  // Which profile is in use changes with the network.
  return { ...fields, problem: 'off, or not known, for some networks' };
}

function enabled(keys: readonly RegistryKey[], names: readonly string[]): boolean | undefined {
  const key = keys.find(({ path }) => names.some((name) => path.toLowerCase().endsWith(`\\${name.toLowerCase()}`)));
  const value = registryNumber(key, 'EnableFirewall');
  return value === undefined ? undefined : value === 1;
}

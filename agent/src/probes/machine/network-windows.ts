/**
 * Source: `os.networkInterfaces()`, which asks GetAdaptersAddresses and names only adapters that are up and have an
 * address. One that was there and is no more is down. Traffic is not to be had without a counter program.
 * Not run on a Windows machine yet: only its computing is tested.
 */
import type { NetworkInterfaceInfo } from 'node:os';
import { catalogue, point } from '@vonggac/shared';
import { cleanText } from '../clean-text.ts';
import type { Probe } from '../probe.ts';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Inner networks of virtual machines and transition tunnels. Other names starting with vEthernet may be the way out. */
const ignored =
  /^(?:vEthernet \((?:Default Switch|WSL.*)\)|VMware Network Adapter|VirtualBox|Teredo|isatap|6TO4|Loopback)/i;

export function networkProbe(os: { networkInterfaces(): Interfaces }): Probe {
  const seen = new Set<string>();
  return {
    name: 'network',
    cadence: catalogue.network.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const up = interfacesUp(os.networkInterfaces());
      for (const name of up) seen.add(name);
      const points = [...seen].map((name) =>
        point('network', { time, tags: { interface: name }, fields: { up: up.has(name) } }),
      );
      return { status: 'measured', points };
    },
  };
}

export function interfacesUp(interfaces: Interfaces): Set<string> {
  const up = new Set<string>();
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    if (!ignored.test(name) && addresses.some((address) => !address.internal)) up.add(cleanText(name));
  }
  return up;
}

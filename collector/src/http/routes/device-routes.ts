import * as z from 'zod';
import type { SurveyedDevice } from '../../connectivity/device-survey.ts';
import { DeviceList, type DeviceListAnswer } from '../device-schemas.ts';
import { toIso } from '../instants.ts';
import { Problem } from '../problem.ts';
import type { ScopeOf } from '../scope.ts';
import type { App } from './app.ts';

/** What the gateways of a unit see on their networks. */
export function addDeviceRoutes(
  app: App,
  { scopeOf, now }: { readonly scopeOf: ScopeOf; readonly now: () => number },
): void {
  app.get(
    '/api/v1/units/:code/devices',
    {
      config: { permission: 'read' },
      schema: {
        summary: "Devices on the networks of the unit's gateways; those that are there first",
        params: z.strictObject({ code: z.string() }),
        querystring: z.strictObject({}),
        response: { 200: DeviceList },
      },
    },
    async ({ params: { code }, identity }) => {
      const scope = scopeOf(identity);
      const found = scope.devices(code, now());
      if (!found) throw new Problem(404, `there is no unit ${code}`);
      const { devices, present, declared, withoutAgent } = found;
      return {
        items: devices.map((device) => viewDevice(device, scope.agent(device.agent ?? '')?.record.hostname)),
        next: null,
        counts: {
          devices: devices.length,
          present,
          with_agent: devices.filter(({ agent }) => agent !== undefined).length,
          without_agent: withoutAgent,
          declared,
        },
      };
    },
  );
}

function viewDevice(device: SurveyedDevice, agentName: string | undefined): DeviceListAnswer['items'][number] {
  const { mac, vendor, address, address6, network, present, agent } = device;
  return {
    mac,
    vendor,
    class: device.class,
    address,
    address6,
    network,
    present,
    first_seen: toIso(device.firstSeen),
    last_seen: toIso(device.lastSeen),
    agent,
    agent_name: agentName,
    is_new: device.isNew,
  };
}

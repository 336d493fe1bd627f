/** What the route of devices answers. */
import * as z from 'zod';
import { deviceClasses } from '../connectivity/device-class.ts';
import { Instant } from './schemas.ts';

export const DeviceList = z.strictObject({
  items: z.array(
    z.strictObject({
      mac: z.string(),
      vendor: z.string().optional().describe('By the first half of the address'),
      class: z
        .enum(deviceClasses)
        .describe('A guess from the vendor alone; `private`: the address was made up, as phones do'),
      address: z.string().optional(),
      address6: z.string().optional(),
      network: z.string(),
      present: z.boolean(),
      first_seen: Instant,
      last_seen: Instant,
      agent: z.string().optional().describe('Id of the agent that runs on it, found by its address'),
      agent_name: z.string().optional(),
      is_new: z.boolean().describe('First seen within the last days, on a network that was looked at before'),
    }),
  ),
  next: z.null(),
  counts: z.strictObject({
    devices: z.int(),
    present: z.int(),
    with_agent: z.int(),
    without_agent: z.int().describe('Present ones that may be computers'),
    declared: z.int().optional().describe('Machines that the unit declares'),
  }),
});
export type DeviceListAnswer = z.infer<typeof DeviceList>;

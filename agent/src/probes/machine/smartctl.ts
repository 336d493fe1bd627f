/**
 * The output of `smartctl --json` of the package smartmontools, 7.0 or later. All of it was written by firmware of disks: a
 * value of the wrong kind or out of range is left out.
 */
import * as z from 'zod/mini';
import { cleanText, quote } from '../clean-text.ts';

export interface DiskHealth {
  readonly failing: boolean | undefined;
  readonly reallocated: number | undefined;
  readonly pending: number | undefined;
  readonly mediaErrors: number | undefined;
  readonly usedPercent: number | undefined;
  readonly celsius: number | undefined;
  readonly hours: number | undefined;
  readonly model: string | undefined;
}

/** `none`: it has no SMART, as in virtual machines. `unknown`: nobody could ask it. */
export type SmartctlAnswer =
  | { readonly state: 'read'; readonly health: DiskHealth }
  | { readonly state: 'none' | 'unknown'; readonly problem: string };

/** Enough for any disk; some firmware keeps other numbers in the upper bytes of a counter. */
const mostSectors = 0xff_ff_ff_ff;
const mostHours = 1_000_000;
/** NVMe counts up to 255 %. */
const mostUsed = 255;

/** What does not fit counts as absent. */
function lenient<T extends z.core.SomeType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}

const count = lenient(z.int().check(z.minimum(0), z.maximum(mostSectors)));
const text = lenient(z.string());

const Attribute = z.object({ id: z.int(), raw: z.object({ value: count }) });

const Smartctl = z.object({
  smartctl: z.object({
    exit_status: lenient(z.int()),
    messages: lenient(z.array(z.object({ string: text }))),
  }),
  model_name: text,
  scsi_model_name: text,
  smart_support: lenient(z.object({ available: lenient(z.boolean()) })),
  smart_status: lenient(z.object({ passed: lenient(z.boolean()) })),
  temperature: lenient(z.object({ current: lenient(z.int().check(z.minimum(-40), z.maximum(125))) })),
  power_on_time: lenient(z.object({ hours: lenient(z.int().check(z.minimum(0), z.maximum(mostHours))) })),
  ata_smart_attributes: lenient(z.object({ table: lenient(z.array(lenient(Attribute))) })),
  nvme_smart_health_information_log: lenient(
    z.object({
      percentage_used: lenient(z.int().check(z.minimum(0), z.maximum(mostUsed))),
      media_errors: count,
    }),
  ),
  endurance_used: lenient(z.object({ current_percent: lenient(z.int().check(z.minimum(0), z.maximum(mostUsed))) })),
  scsi_grown_defect_list: count,
});

/** Attributes by their numbers, which makers agree on. */
const reallocatedSectors = 5;
const pendingSectors = 197;
const uncorrectableSectors = 198;

/** Throws when it is not what smartctl prints. */
export function parseSmartctl(output: string): SmartctlAnswer {
  const parsed = Smartctl.safeParse(parseJson(output));
  if (!parsed.success) throw new Error(`smartctl printed no report (7.0 or later does): ${quote(output)}`);
  const found = parsed.data;
  const passed = found.smart_status?.passed;
  const messages = (found.smartctl.messages ?? []).flatMap(({ string }) => (string ? [cleanText(string)] : []));
  if (passed === undefined) {
    const problem = messages.join('; ') || 'the disk does not say how it is';
    // The disk was reached and has none. Whoever could not be reached has not said so.
    return { state: found.smart_support?.available === false ? 'none' : 'unknown', problem };
  }
  const attributes = new Map(
    (found.ata_smart_attributes?.table ?? []).flatMap((each) => (each ? [[each.id, each.raw.value] as const] : [])),
  );
  const nvme = found.nvme_smart_health_information_log;
  const model = found.model_name ?? found.scsi_model_name;
  return {
    state: 'read',
    health: {
      failing: !passed,
      reallocated: attributes.get(reallocatedSectors) ?? found.scsi_grown_defect_list,
      pending: attributes.get(pendingSectors),
      mediaErrors: attributes.get(uncorrectableSectors) ?? nvme?.media_errors,
      usedPercent: nvme?.percentage_used ?? found.endurance_used?.current_percent,
      celsius: found.temperature?.current,
      hours: found.power_on_time?.hours,
      model: model === undefined ? undefined : cleanText(model) || undefined,
    },
  };
}

function parseJson(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

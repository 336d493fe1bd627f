/** The section `connectivity` of the configuration: what is measured from where, and when it counts as broken. */
import {
  AgentClass,
  isAddress,
  isRemoteTarget,
  maxTargets,
  PushedTarget,
  parseTarget,
  WatchedLink,
} from '@vonggac/shared';
import * as z from 'zod';
import { UnitCode } from '../registry/unit-values.ts';

const { id: PushedId, keyword, status, redirects } = PushedTarget.shape;
/** Of checks by http and https. */
const http = { keyword, status, redirects };

/** Ids that agents and the collector give by themselves. */
const ownIds = /^(gateway|collector|resolver-.*|peer:.*|edge:.*)$/;
const Id = z
  .string()
  .refine((text) => PushedId.safeParse(text).success, 'has 1 to 64 letters, digits and . _ : -, as in cong-dvc')
  .refine((text) => !ownIds.test(text), 'is a name that agents use themselves: choose another');

const Url = z.string().superRefine((text, context) => {
  const message = urlProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

function urlProblem(text: string): string | undefined {
  try {
    parseTarget(text);
  } catch (error) {
    return (error as Error).message;
  }
  return isRemoteTarget(text) ? undefined : `"${text}" is not a target on another machine`;
}

function seconds(fallback: number) {
  return integer(fallback, { min: 5, max: 3_600 }).describe('seconds between checks');
}

function integer(fallback: number, range: { min: number; max: number }) {
  return z.int().min(range.min).max(range.max).default(fallback);
}

const units = z
  .array(UnitCode)
  .min(1)
  .optional()
  .describe('codes of units, each with everything below; all when absent');
const classes = z.array(AgentClass).min(1);

const Target = z.strictObject({
  id: Id.describe('name of the target; becomes the tag `target`'),
  url: Url.describe('as in tcp://10.1.1.1:443'),
  scope: z.enum(['lan', 'wan', 'internet']).default('wan'),
  every: seconds(15),
  ...http,
  units,
  classes: classes.default(['server', 'gateway', 'pc']),
});
export type TargetSettings = z.infer<typeof Target>;

const Service = z.strictObject({
  id: Id.describe('name of the service; becomes the tag `service`'),
  name: z.string().min(1).max(100).describe('as people call it'),
  url: Url,
  every: seconds(30),
  ...http,
  from: z
    .strictObject({
      units,
      classes: classes.default(['gateway', 'server']).describe('in the order in which they are preferred'),
      per_unit: integer(1, { min: 1, max: 10 }).describe('machines of each unit that check it'),
    })
    .prefault({}),
});
export type ServiceSettings = z.infer<typeof Service>;

const Edge = z.strictObject({
  check: z.boolean().default(true).describe("whether the collector checks the units' edge addresses"),
  every: seconds(30),
  checks: integer(2, { min: 1, max: 10 }).describe('failed checks in a row before an address counts as silent'),
  agent_program: z
    .string()
    .min(1)
    .optional()
    .describe('the program vonggac-agent, which does the checking; the one built with the collector when absent'),
});

const Links = z.strictObject({
  degraded_loss_percent: z.number().min(0.1).max(100).default(10),
  degraded_rtt_ms: z.number().min(1).max(60_000).default(300).describe('median round trip of a line that is too slow'),
  degraded_seconds: integer(120, { min: 10, max: 3_600 }).describe('how long it has to last'),
  recovered_seconds: integer(10, { min: 0, max: 3_600 }).describe('how long a line must answer to be up again'),
  unknown_seconds: integer(60, { min: 0, max: 3_600 }).describe('how long nothing must be known to be called unknown'),
  watch: z
    .array(z.strictObject({ unit: UnitCode, ...WatchedLink.shape }).omit({ edge: true }))
    .max(5_000)
    .default([])
    .describe(
      'how gateways tell the lines of their unit apart, where neither the edge address nor the number of lines does',
    ),
});
export type LinkSettings = z.infer<typeof Links>;

const Relays = z.strictObject({
  port: integer(8_444, { min: 1, max: 65_535 }).describe('where relays listen that agents report by themselves'),
  units: z
    .record(UnitCode, z.array(z.string().refine(isAddress, 'expected host:port')).max(4))
    .default({})
    .describe('relays by the code of their unit, instead of those that agents report'),
});

const bytesPerDay = (fallback: number) => integer(fallback, { min: 50_000, max: 10_000_000_000 });
const Budget = z.strictObject({
  server: bytesPerDay(2_000_000).describe('bytes a day of a server'),
  pc: bytesPerDay(1_000_000),
  gateway: bytesPerDay(5_000_000),
  backfill_bits_per_second: integer(64_000, { min: 1_000, max: 1_000_000_000 }).describe(
    'what readings of the past may take of the line',
  ),
});

const Peers = z.strictObject({
  per_gateway: integer(50, { min: 0, max: maxTargets }).describe('silent machines that one gateway looks for'),
  hours: integer(24, { min: 1, max: 720 }).describe('how long it looks for one'),
  every: seconds(30),
});

const Devices = z.strictObject({
  incidents: z.boolean().default(true).describe('whether new devices on the networks of gateways make an incident'),
  close_after_days: integer(7, { min: 1, max: 365 }).describe('when such an incident closes by itself'),
  forget_after_days: integer(400, { min: 1, max: 3_650 }).describe('how long a device is kept that is not seen'),
});

export const ConnectivitySection = z
  .strictObject({
    targets: z.array(Target).max(2_000).default([]).describe('what agents check, by unit and class'),
    services: z.array(Service).max(200).default([]).describe('shared services, checked from chosen machines'),
    service_checks: integer(2, { min: 1, max: 10 }).describe('checks in a row before a service counts as changed'),
    edge: Edge.prefault({}),
    links: Links.prefault({}),
    relays: Relays.prefault({}),
    budget: Budget.prefault({}),
    peers: Peers.prefault({}),
    sweep_minutes: integer(60, { min: 0, max: 1_440 }).describe('how often gateways sweep their networks; 0 is never'),
    devices: Devices.prefault({}),
  })
  .check((context) => {
    const { targets, services, links } = context.value;
    const refuse = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', input: context.value, path, message });
    const seen = new Set<string>();
    for (const [section, items] of Object.entries({ targets, services })) {
      for (const [index, item] of items.entries()) {
        if (seen.has(item.id)) refuse([section, index, 'id'], `${item.id} is used twice`);
        seen.add(item.id);
      }
    }
    for (const agentClass of AgentClass.options) {
      const everywhere = targets.filter(
        (target) => target.units === undefined && target.classes.includes(agentClass),
      ).length;
      if (everywhere <= maxTargets) continue;
      refuse(['targets'], `${everywhere} are for every ${agentClass}, and an agent checks at most ${maxTargets}`);
    }
    const watched = new Set<string>();
    for (const [index, { unit, id: link }] of links.watch.entries()) {
      const key = `${unit}/${link}`;
      if (watched.has(key)) refuse(['links', 'watch', index], `${key} is named twice`);
      watched.add(key);
    }
  });
export type ConnectivitySection = z.infer<typeof ConnectivitySection>;

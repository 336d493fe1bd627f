/** Contact point, mute timing and template: with the policies they are one document of Grafana's, so they are written one by one. */
import * as z from 'zod';
import { path } from '../grafana-api.ts';
import type { ContactPointJson, MuteTimingJson, TemplateJson } from '../notification-objects.ts';
import { ownerOf, type Steps, type SyncContext } from './context.ts';
import { differences } from './differences.ts';
import { refusedStep, type Step, staleStep, stepFor } from './plan.ts';

const provisioning = '/api/v1/provisioning';
/** Of uids; where only names are, those that are `vonggac` or begin so. */
const prefix = 'vonggac-';
const isOurName = (name: string) => name === 'vonggac' || name.startsWith(prefix);

const provenance = z.string().optional();
/** Where there is none Grafana says null. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullable()
    .transform((list) => list ?? []);

const ContactPoint = z.looseObject({
  uid: z.string(),
  name: z.string(),
  type: z.string(),
  settings: z.record(z.string(), z.unknown()).nullish(),
  provenance,
});
const MuteTiming = z.looseObject({ name: z.string(), time_intervals: z.unknown(), provenance });
const Template = z.looseObject({ name: z.string(), template: z.string(), provenance });

export async function contactPointSteps(context: SyncContext, wanted: ContactPointJson | undefined): Promise<Steps> {
  const { api, features, prune } = context;
  const where = `${provisioning}/contact-points`;
  const all = await api.get(where, { what: 'the contact points', answer: listOf(ContactPoint) });
  const stale = all
    .filter(({ uid, provenance }) => uid.startsWith(prefix) && uid !== wanted?.uid && provenance === 'api')
    .map(({ uid, name }) =>
      staleStep({ kind: 'contact point', name }, { prune, remove: () => remove(context, `${where}/${uid}`, name) }),
    );
  if (!wanted) return { made: [], stale };
  const { uid, name, settings } = wanted;
  const object = { kind: 'contact point', name };
  const what = `the contact point "${name}"`;
  const stored = all.find((one) => one.uid === uid);
  // A write of another name would split the receivers that policies name.
  if (stored && stored.name !== name)
    return { made: [refusedStep(object, `ours is called "${stored.name}" there: call it "${name}" again`)], stale };
  if (!stored && all.some((one) => one.name === name))
    return { made: [refusedStep(object, 'somebody else made one of that name: rename that one in Grafana')], stale };
  const { authorization_credentials: _, ...seen } = settings;
  const write = () =>
    (stored
      ? api.put(path`/api/v1/provisioning/contact-points/${uid}`, { what, body: wanted, answer: z.unknown() })
      : api.post(where, { what, body: wanted, answer: z.unknown() })
    ).then(() => undefined);
  const found = stored && {
    owner: ownerOf(stored.provenance, features),
    differs: differences({ type: wanted.type, settings: seen }, stored, { extras: 'ignore' }),
  };
  return { made: [stepFor(object, found, { adopt: context.adopt, write })], stale };
}

export async function muteTimingSteps(context: SyncContext, wanted: MuteTimingJson | undefined): Promise<Steps> {
  const { api, features } = context;
  const where = `${provisioning}/mute-timings`;
  const all = await api.get(where, { what: 'the mute timings', answer: listOf(MuteTiming) });
  const stale = staleNamed(context, { kind: 'mute timing', where, all, wanted: wanted?.name });
  if (!wanted) return { made: [], stale };
  const stored = all.find(({ name }) => name === wanted.name);
  const call = { what: `the mute timing "${wanted.name}"`, body: wanted, answer: z.unknown() };
  const write = () =>
    (stored ? api.put(path`/api/v1/provisioning/mute-timings/${wanted.name}`, call) : api.post(where, call)).then(
      () => undefined,
    );
  const found = stored && {
    owner: ownerOf(stored.provenance, features),
    differs: differences({ time_intervals: wanted.time_intervals }, stored, { extras: 'ignore' }),
  };
  const made = stepFor({ kind: 'mute timing', name: wanted.name }, found, { adopt: context.adopt, write });
  return { made: [made], stale };
}

export async function templateSteps(context: SyncContext, wanted: TemplateJson): Promise<Steps> {
  const { api, features } = context;
  const where = `${provisioning}/templates`;
  // Where there is none some versions say 404.
  const all = (await api.find(where, { what: 'the notification templates', answer: listOf(Template) })) ?? [];
  const stored = all.find(({ name }) => name === wanted.name);
  const write = async () => {
    await api.put(path`/api/v1/provisioning/templates/${wanted.name}`, {
      what: `the notification template "${wanted.name}"`,
      body: { template: wanted.template },
      answer: z.unknown(),
    });
  };
  const found = stored && {
    owner: ownerOf(stored.provenance, features),
    differs: stored.template.trim() === wanted.template.trim() ? [] : ['template'],
  };
  const made = stepFor({ kind: 'notification template', name: wanted.name }, found, { adopt: context.adopt, write });
  return {
    made: [made],
    stale: staleNamed(context, { kind: 'notification template', where, all, wanted: wanted.name }),
  };
}

function staleNamed(
  context: SyncContext,
  options: {
    kind: string;
    where: string;
    all: readonly { readonly name: string; readonly provenance?: string | undefined }[];
    wanted: string | undefined;
  },
): Step[] {
  const { kind, where, all, wanted } = options;
  return all
    .filter(({ name, provenance }) => isOurName(name) && name !== wanted && provenance === 'api')
    .map(({ name }) =>
      staleStep(
        { kind, name },
        { prune: context.prune, remove: () => remove(context, `${where}/${encodeURIComponent(name)}`, name) },
      ),
    );
}

async function remove({ api }: SyncContext, where: string, name: string): Promise<void> {
  await api.delete(where, { what: `"${name}"`, answer: z.unknown() });
}

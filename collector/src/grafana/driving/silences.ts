/**
 * Keeps Grafana's silences as they are wanted. What is there is read first; only those are touched that name this
 * collector in author and comment. One that a person has lifted before its end stays lifted.
 */
import * as z from 'zod';
import { type GrafanaApi, path } from '../grafana-api.ts';
import { GrafanaRefused } from '../grafana-errors.ts';
import type { Matcher, WantedSilence } from './silence-plan.ts';

const silenceAuthor = 'vonggac';

const where = '/api/alertmanager/grafana/api/v2/silences';
/** Grafana gives times back with other digits. */
const sameMs = 1_000;

const Silence = z.object({
  id: z.string(),
  status: z.object({ state: z.string() }),
  matchers: z.array(
    z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }),
  ),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});
type Silence = z.infer<typeof Silence>;

export type SilenceOutcome = 'made' | 'updated' | 'expired' | 'failed';

interface Options {
  readonly api: GrafanaApi;
  readonly installation: string;
  readonly count: (outcome: SilenceOutcome) => void;
  readonly now: number;
}

/** Throws what the API throws; the next call goes on from where it was. */
export async function settleSilences(wanted: readonly WantedSilence[], options: Options): Promise<void> {
  const { api, count } = options;
  const all = await api.get(where, { what: 'the silences', answer: z.array(Silence) });
  const own = Map.groupBy(all, (silence) => keyOf(silence, options.installation) ?? '');
  own.delete('');
  for (const silence of wanted) {
    const known = own.get(silence.key) ?? [];
    own.delete(silence.key);
    const [first, ...more] = known.filter(isAlive);
    if (first && isAsWanted(first, silence, options)) {
      await expire(more, options);
    } else if (first) {
      count(await write(silence, { ...options, before: first }));
      await expire(more, options);
    } else if (!known.some((old) => isLifted(old, silence))) {
      count(await write(silence, { ...options, before: undefined }));
    }
  }
  for (const silences of own.values()) await expire(silences.filter(isAlive), options);
}

/** Own ones whose time has not come to its end. */
function isAlive({ status }: Silence): boolean {
  return status.state !== 'expired';
}

/** Somebody has ended it in Grafana, although it was to last. */
function isLifted({ endsAt }: Silence, { to }: WantedSilence): boolean {
  return Date.parse(endsAt) < to - sameMs;
}

async function write(
  silence: WantedSilence,
  { api, before, installation, now }: Options & { readonly before: Silence | undefined },
): Promise<SilenceOutcome> {
  const startsAt = new Date(silence.from).toISOString();
  const body = {
    // One that has begun would be ended and made anew for another beginning.
    ...(before && { id: before.id }),
    startsAt: before && hasBegun(before, now) ? before.startsAt : startsAt,
    endsAt: new Date(silence.to).toISOString(),
    matchers: silence.matchers,
    createdBy: silenceAuthor,
    comment: commentOf(silence, installation),
  };
  try {
    await api.post(where, { what: `the silence of ${silence.key}`, answer: z.unknown(), body });
    return before ? 'updated' : 'made';
  } catch (error) {
    // This one, and not all: its end may be over by Grafana's clock. It is tried again with the next reading.
    if (error instanceof GrafanaRefused && (error.status === 400 || error.status === 404)) return 'failed';
    throw error;
  }
}

function hasBegun({ startsAt }: Silence, now: number): boolean {
  return Date.parse(startsAt) <= now;
}

async function expire(silences: readonly Silence[], { api, count }: Options): Promise<void> {
  for (const { id } of silences) {
    const what = `silence ${id}`;
    await api.delete(path`/api/alertmanager/grafana/api/v2/silence/${id}`, { what, answer: z.unknown() });
    count('expired');
  }
}

function isAsWanted(silence: Silence, wanted: WantedSilence, { now, installation }: Options): boolean {
  const isSame = (text: string, time: number) => Math.abs(Date.parse(text) - time) < sameMs;
  // What has begun keeps the moment at which it was made.
  return (
    ((wanted.from <= now && hasBegun(silence, now)) || isSame(silence.startsAt, wanted.from)) &&
    isSame(silence.endsAt, wanted.to) &&
    silence.comment === commentOf(wanted, installation) &&
    textOf(silence.matchers) === textOf(wanted.matchers)
  );
}

function textOf(matchers: readonly Matcher[]): string {
  const texts = matchers.map(({ name, value, isRegex, isEqual }) => JSON.stringify([name, value, isRegex, isEqual]));
  return texts.sort().join();
}

function commentOf({ key, comment }: WantedSilence, installation: string): string {
  return `Vọng Gác: ${comment} [${installation}/${key}]`;
}

function keyOf({ createdBy, comment }: Silence, installation: string): string | undefined {
  if (createdBy !== silenceAuthor) return undefined;
  const [, who, key] = /\[([0-9a-f]+)\/([a-z0-9/]+)\]$/.exec(comment) ?? [];
  return who === installation ? key : undefined;
}

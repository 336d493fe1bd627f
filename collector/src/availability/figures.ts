/** The balance of every machine and line over a time, from what is known of them. */
import type { AgentClass } from '@vonggac/shared';
import type { Planned } from '../calendar/planned.ts';
import type { Stretch } from '../calendar/stretches.ts';
import type { LinkInterval, LinkLedger } from '../connectivity/link-ledger.ts';
import type { Verdict } from '../outages/outage.ts';
import type { Outages } from '../outages/outages.ts';
import type { AgentRecord } from '../registry/agents.ts';
import { type Balance, balanceOf, type Silence } from './balance.ts';

export interface MachineFigure {
  readonly kind: 'machine';
  /** The machine's id. */
  readonly subject: string;
  readonly unit: string;
  readonly hostname: string;
  readonly class: AgentClass;
  readonly balance: Balance;
  /** Times that it was not heard, the planned ones too. */
  readonly outages: number;
}

export interface LinkFigure {
  readonly kind: 'link';
  /** Its name within its unit. */
  readonly subject: string;
  readonly unit: string;
  readonly balance: Balance;
  readonly outages: number;
}

export type Figure = MachineFigure | LinkFigure;

export interface FigureSources {
  readonly outages: Pick<Outages, 'between' | 'collectorGaps'>;
  readonly links: Pick<LinkLedger, 'intervals'>;
  readonly planned: Pick<Planned, 'plannedBetween'>;
  /** Since when outages are recorded; before, nothing is known of any machine. */
  readonly since: number | undefined;
  readonly now: number;
}

type Machine = Pick<AgentRecord, 'id' | 'unit' | 'hostname' | 'class' | 'enrolledAt' | 'revokedAt'>;

/** Verdicts that charge nobody by themselves; planned time is known better from the calendars. */
const causeOf: Partial<Record<Verdict, string | undefined>> = { 'collector-outage': undefined, planned: 'unknown' };

/** Of machines that were there at any moment of it, in the order that they are given in. */
export function machineFigures(machines: readonly Machine[], time: Stretch, sources: FigureSources): MachineFigure[] {
  const { outages, planned, since, now } = sources;
  const gaps = [{ from: 0, to: since ?? now }, ...outages.collectorGaps(time.from, time.to)];
  const ids = new Set(machines.map(({ id }) => id));
  const silences = Map.groupBy(outages.between({ agents: ids, ...time }), ({ agent }) => agent);
  return machines.flatMap(({ id, unit, hostname, class: agentClass, enrolledAt, revokedAt }): MachineFigure[] => {
    const present = { from: enrolledAt, to: revokedAt ?? Number.MAX_SAFE_INTEGER };
    if (present.from >= time.to || present.to <= time.from) return [];
    const own = silences.get(id) ?? [];
    const silent = own.map(
      ({ beganAt, endedAt = now, verdict }): Silence => ({ from: beganAt, to: endedAt, cause: chargedTo(verdict) }),
    );
    const subject = { unit, agentId: id, class: agentClass };
    const balance = balanceOf(
      {
        present: [present],
        gaps,
        silences: silent,
        planned: () => planned.plannedBetween(subject, time.from, time.to),
      },
      time,
    );
    const began = silent.filter(({ from, to, cause }) => from >= time.from && to > from && cause !== undefined);
    return [{ kind: 'machine', subject: id, unit, hostname, class: agentClass, balance, outages: began.length }];
  });
}

function chargedTo(verdict: Verdict): string | undefined {
  return Object.hasOwn(causeOf, verdict) ? causeOf[verdict] : verdict;
}

/** Of all lines that were known at any moment of it, by unit and line. `units`: only those of these units. */
export function linkFigures(
  units: ReadonlySet<string> | undefined,
  time: Stretch,
  sources: FigureSources,
): LinkFigure[] {
  const { links, planned, outages, now } = sources;
  const gaps = outages.collectorGaps(time.from, time.to);
  const intervals = links.intervals({ units, ...time, limit: Number.MAX_SAFE_INTEGER });
  const byLink = Map.groupBy(intervals, ({ unit, link }) => `${unit}/${link}`);
  return [...byLink.values()].flatMap((own): LinkFigure[] => {
    const { unit = '', link = '' } = own[0] ?? {};
    const balance = balanceOf(
      {
        present: own.map(({ from, to = now }) => ({ from, to })),
        gaps,
        silences: own.flatMap((each) => silenceOf(each, now)),
        planned: () => planned.plannedBetween({ unit, link }, time.from, time.to),
      },
      time,
    );
    const began = own.filter(({ state, from }) => state === 'down' && from >= time.from);
    return [{ kind: 'link', subject: link, unit, balance, outages: began.length }];
  });
}

function silenceOf({ state, cause, from, to }: LinkInterval, now: number): Silence[] {
  if (state === 'down') return [{ from, to: to ?? now, cause }];
  return state === 'unknown' ? [{ from, to: to ?? now, cause: undefined }] : [];
}

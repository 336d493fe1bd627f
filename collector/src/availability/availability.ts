/** The availability of machines, lines and units: reads it, takes each month when it is over, and says what changed later. */
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Planned } from '../calendar/planned.ts';
import type { Stretch } from '../calendar/stretches.ts';
import type { Zone } from '../calendar/zone.ts';
import type { LinkLedger } from '../connectivity/link-ledger.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { AuditLog } from '../registry/audit-log.ts';
import type { Units } from '../registry/units.ts';
import { type Balance, downOf } from './balance.ts';
import { AvailabilityBooks, type FigureChange } from './books.ts';
import { type Figure, type FigureSources, linkFigures, machineFigures } from './figures.ts';
import { nextMonth, type PeriodQuestion, readMonth, readPeriod } from './period.ts';
import { type AvailabilityReport, unitFigures } from './report.ts';

const lookEveryMs = 3_600_000;
/** The first look waits until the agents have come back after a start. */
const firstLookMs = 120_000;
/** Agents keep what they have measured for seven days; an outage is open for longer only when nobody is left to tell. */
const settledMs = 45 * 86_400_000;
const machinesAtOnce = 100;
/** More in one look are told in one entry: nobody reads thousands. */
const maxAuditEntries = 200;

interface Options {
  readonly folder: string;
  readonly agents: () => readonly AgentRecord[];
  readonly units: Pick<Units, 'list'>;
  readonly outages: FigureSources['outages'];
  readonly links: Pick<LinkLedger, 'intervals'>;
  readonly planned: Pick<Planned, 'plannedBetween'>;
  readonly zone: Zone;
  readonly now: () => number;
}

export interface AvailabilityQuestion extends PeriodQuestion {
  /** Only machines and lines of these; all when absent. */
  readonly units?: ReadonlySet<string> | undefined;
  readonly machine?: string | undefined;
}

/** Whose figures; all when absent. */
interface Asked {
  readonly codes?: ReadonlySet<string> | undefined;
  readonly machine?: string | undefined;
}

export class Availability {
  readonly #options: Options;
  readonly #books: AvailabilityBooks;
  #timers: NodeJS.Timeout[] = [];
  #isLooking = false;
  #isStopped = false;

  /** Opens its file. Throws DataFolderError. */
  constructor(options: Options) {
    this.#options = options;
    this.#books = new AvailabilityBooks(options.folder);
  }

  /** From now on outages are recorded, and months are taken. */
  start({ audit, logger }: { readonly audit: Pick<AuditLog, 'append'>; readonly logger: Pick<Logger, 'error'> }): void {
    this.#books.begin(this.#options.now());
    const look = () => {
      this.look(audit).catch((error: unknown) => {
        if (this.#isStopped) return;
        logger.error({ error: (error as Error).message }, 'cannot take the availability of a month');
      });
    };
    this.#timers = [setTimeout(look, firstLookMs), setInterval(look, lookEveryMs)];
  }

  /** Safe twice and before start. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#isStopped = true;
    this.#books.stop();
  }

  /** Throws InvalidPeriod. */
  async report({ units: codes, machine, ...question }: AvailabilityQuestion): Promise<AvailabilityReport> {
    const { zone, units, now } = this.#options;
    const period = readPeriod(question, { zone, now: now() });
    const taken = period.month !== undefined && period.isOver ? this.#books.taken(period.month, codes) : undefined;
    const all = taken?.figures ?? (await this.#figures(period, { codes, machine }));
    const figures =
      machine === undefined ? all : all.filter((each) => each.kind === 'machine' && each.subject === machine);
    const tree = units.list().filter(({ code }) => codes?.has(code) ?? true);
    return {
      period,
      takenAt: taken?.takenAt,
      revisions: taken?.revisions ?? 0,
      revisedAt: taken?.revisedAt,
      units: unitFigures(tree, figures),
      machines: figures.filter((figure) => figure.kind === 'machine'),
      links: figures.filter((figure) => figure.kind === 'link'),
    };
  }

  /** Takes the months that are over, and revises those that late evidence may still change. */
  async look(audit: Pick<AuditLog, 'append'>): Promise<void> {
    const { zone, now } = this.#options;
    const since = this.#books.since();
    if (this.#isLooking || since === undefined) return;
    this.#isLooking = true;
    try {
      const from = Math.max(since, now() - settledMs);
      for (let month = zone.dateOf(from).slice(0, 7); ; month = nextMonth(month)) {
        const time = readMonth(month, zone);
        if (this.#isStopped || time.to > now()) return;
        await this.#lookAt(month, { time, audit });
      }
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAt(month: string, { time, audit }: { time: Stretch; audit: Pick<AuditLog, 'append'> }): Promise<void> {
    const now = this.#options.now();
    if (!this.#books.isTaken(month)) {
      this.#books.take(month, await this.#figures(time, {}), now);
      return;
    }
    const changes: FigureChange[] = [];
    for await (const figures of this.#inTurns(time, {})) changes.push(...this.#books.revise(month, figures, now));
    const common = { at: now, actor: 'vonggac', source: 'late evidence', action: 'availability.revise' };
    for (const change of changes.slice(0, maxAuditEntries)) {
      audit.append({ ...common, subject: `${month} ${nameOf(change)}`, ...valuesOf(change) });
    }
    const rest = changes.length - maxAuditEntries;
    if (rest > 0) audit.append({ ...common, subject: month, after: { further_changes: rest } });
  }

  async #figures(time: Stretch, asked: Asked): Promise<Figure[]> {
    const figures: Figure[] = [];
    for await (const some of this.#inTurns(time, asked)) figures.push(...some);
    return figures;
  }

  /** Lets others have their turn in between: a province has thousands of machines. */
  async *#inTurns(time: Stretch, { codes, machine }: Asked): AsyncGenerator<readonly Figure[]> {
    const sources = this.#sources();
    const machines = this.#options
      .agents()
      .filter(({ id, unit }) => (codes?.has(unit) ?? true) && (machine === undefined || id === machine));
    yield linkFigures(codes, time, sources);
    for (let index = 0; index < machines.length; index += machinesAtOnce) {
      if (index > 0) await setImmediate();
      if (this.#isStopped) throw new Error('the collector stops');
      yield machineFigures(machines.slice(index, index + machinesAtOnce), time, sources);
    }
  }

  #sources(): FigureSources {
    return { ...this.#options, since: this.#books.since(), now: this.#options.now() };
  }
}

function nameOf({ figure: { kind, unit, subject } }: FigureChange): string {
  return kind === 'link' ? `${unit}/${subject}` : subject;
}

function valuesOf({ figure, before }: FigureChange) {
  return { before: toldOf(before), after: toldOf(figure.balance) };
}

/** Seconds, by what became of them. */
function toldOf(balance: Balance): Record<string, number> {
  const { up, down, planned, inconclusive } = balance;
  const causes = Object.entries(down).map(([cause, seconds]) => [`down_${cause}`, seconds] as const);
  return { up, down: downOf(balance), planned, inconclusive, ...Object.fromEntries(causes) };
}

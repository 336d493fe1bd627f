/**
 * What arrives after an outage because it was measured during it: it tells whether the machines of the unit lived while
 * nobody heard them, and so whose fault the silence was.
 */
import type { Point } from '@vonggac/shared';
import type { LinkCause } from './link-judgement.ts';
import type { LinkInterval, LinkKey, LinkLedger } from './link-ledger.ts';

/** What is younger tells of now, which is judged elsewhere. */
const lateAfterMs = 5_000;
/** A line may be back for so long before the collector's own check of its edge has found out. */
const backBeforeMs = 90_000;
const maxRemembered = 10_000;

/** Causes that say no more than that nobody was heard. */
const vague: ReadonlySet<LinkCause> = new Set(['both-ends-silent', 'edge-silent', 'agents-silent', 'unclear']);

interface Sender {
  readonly agent: string;
  readonly unit: string;
  readonly isGateway: boolean;
}

interface Options {
  readonly ledger: Pick<LinkLedger, 'at' | 'revise'>;
  /** Ids of a unit's lines. */
  readonly linksOf: (unit: string) => readonly string[];
}

interface Finding {
  readonly what: string;
  readonly cause: LinkCause;
  readonly note: string;
  /** Says nothing about the last moments of an outage. */
  readonly isOfMiddle?: boolean;
  /** Says nothing where machines were heard over another line. */
  readonly isOfSilence?: boolean;
}

interface Told {
  readonly point: Point;
  readonly links: readonly string[];
  readonly now: number;
}

export class LateEvidence {
  readonly #options: Options;
  /** Of each line the last interval asked for in this batch: a thousand points are about the same one. */
  readonly #recent = new Map<string, LinkInterval>();
  /** What was said already, so that a thousand points of one outage are one revision. */
  readonly #said = new Set<string>();
  readonly #booted = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  take(sender: Sender, points: readonly Point[], now: number): void {
    const links = this.#options.linksOf(sender.unit);
    if (links.length === 0) return;
    this.#recent.clear();
    for (const each of points) {
      if (each.measurement === 'system') this.#boot(sender, { point: each, links, now });
      if (now - each.time < lateAfterMs) continue;
      if (each.measurement === 'link') this.#ofLine(sender, { point: each, now });
      if (each.measurement === 'connectivity') this.#ofLan(sender, { point: each, links, now });
    }
  }

  /** The gateway's own look at the line, and at what is behind it. */
  #ofLine(sender: Sender, { point: { tags, fields, time }, now }: { point: Point; now: number }): void {
    const key = { unit: sender.unit, link: tags.link ?? '' };
    if (fields.up === false) {
      const cause = fields.error === 'unreachable' ? 'no-carrier' : 'line-cut';
      const finding: Finding = { what: 'gateway-lost-line', cause, note: 'the gateway lived' };
      this.#revise(key, { sender, time, now, finding });
    } else if (fields.up === true) {
      const note = 'the gateway reached the next router';
      const finding: Finding = { what: 'gateway-had-line', cause: 'beyond-next-hop', note, isOfMiddle: true };
      this.#revise(key, { sender, time, now, finding });
    }
  }

  /** Any machine that reached the unit's router tells that the LAN lived; with several lines not which of them died. */
  #ofLan(sender: Sender, { point: { tags, fields, time }, links, now }: Told): void {
    if (tags.target !== 'gateway' || tags.scope !== 'lan' || typeof fields.up !== 'boolean') return;
    // A gateway's own next router is not the unit's LAN.
    if (sender.isGateway) return;
    const finding: Finding = fields.up
      ? { what: 'lan-lived', cause: 'line-cut', note: 'machines of the unit reached their router', isOfSilence: true }
      : {
          what: 'router-silent',
          cause: 'router-silent',
          note: 'machines of the unit did not reach their router',
          isOfSilence: true,
        };
    for (const link of links) this.#revise({ unit: sender.unit, link }, { sender, time, now, finding });
  }

  /** The start of a gateway in the middle of an outage: it was off before. */
  #boot(sender: Sender, { point: { fields }, links, now }: Told): void {
    const seconds = fields.boot_time_seconds;
    if (!sender.isGateway || typeof seconds !== 'number' || this.#booted.get(sender.agent) === seconds) return;
    this.#booted.set(sender.agent, seconds);
    const finding: Finding = { what: 'gateway-started', cause: 'unit-off', note: 'the gateway was off' };
    for (const link of links)
      this.#revise({ unit: sender.unit, link }, { sender, time: seconds * 1_000, now, finding });
  }

  #revise(
    key: LinkKey,
    { sender, time, now, finding }: { sender: Sender; time: number; now: number; finding: Finding },
  ): void {
    const interval = this.#vagueAt(key, time);
    if (!interval) return;
    if (finding.isOfMiddle && (interval.to ?? now) - time < backBeforeMs) return;
    if (finding.isOfSilence && interval.cause === 'edge-silent') return;
    const said = `${interval.id} ${finding.what}`;
    if (this.#said.has(said)) return;
    if (this.#said.size >= maxRemembered) this.#said.clear();
    this.#said.add(said);
    const { what, cause, note } = finding;
    const evidence = { at: time, what, facts: { agent: sender.agent } };
    const isDown = what === 'gateway-lost-line' && interval.state === 'unknown';
    if (!isDown && interval.state !== 'down') return;
    const state = isDown ? ({ state: 'down' } as const) : {};
    this.#recent.delete(`${key.unit}/${key.link}`);
    this.#options.ledger.revise(key, { at: time, ...state, cause, note: noteOf(interval, note), evidence });
  }

  /** The interval of that time, if late evidence may tell more of it. */
  #vagueAt(key: LinkKey, time: number): LinkInterval | undefined {
    const name = `${key.unit}/${key.link}`;
    const recent = this.#recent.get(name);
    const isSame = recent && recent.from <= time && time < (recent.to ?? Number.POSITIVE_INFINITY);
    const interval = isSame ? recent : this.#options.ledger.at(key, time);
    if (interval) this.#recent.set(name, interval);
    return interval && vague.has(interval.cause) ? interval : undefined;
  }
}

function noteOf({ cause, state }: LinkInterval, note: string): string {
  return `${state}, ${cause} before: ${note}`;
}

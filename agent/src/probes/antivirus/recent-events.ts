/** Ties the events of one detection together where the product gives it no id: found, then quarantined, then removed. */

/** What is said of the same object and name within this time is about the same detection. */
const sameMs = 600_000;
const remembered = 1_000;

export class RecentEvents {
  readonly #events = new Map<string, { readonly id: string; readonly time: number }>();

  /** The id of the detection that this event is about: `id`, if it is the first one. */
  idOf(
    event: { readonly object?: string | undefined; readonly name: string; readonly time: number },
    id: string,
  ): string {
    const key = JSON.stringify([event.object, event.name]);
    const known = this.#events.get(key);
    const same = known && Math.abs(event.time - known.time) < sameMs ? known.id : id;
    this.#events.delete(key);
    this.#events.set(key, { id: same, time: event.time });
    for (const oldest of this.#events.keys()) {
      if (this.#events.size <= remembered) break;
      this.#events.delete(oldest);
    }
    return same;
  }
}

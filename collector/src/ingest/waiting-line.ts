/** Batches in the order of their arrival, and how many points they are. */
export class WaitingLine<T> {
  readonly #pointsOf: (item: T) => number;
  #items: T[] = [];
  #points = 0;

  constructor(pointsOf: (item: T) => number) {
    this.#pointsOf = pointsOf;
  }

  get points(): number {
    return this.#points;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#items.push(item);
    this.#points += this.#pointsOf(item);
  }

  /** The first ones, of no more than so many points; but one at least, if there is any. */
  take(maxPoints: number): T[] {
    let points = 0;
    let count = 0;
    for (const item of this.#items) {
      const more = this.#pointsOf(item);
      if (count > 0 && points + more > maxPoints) break;
      points += more;
      count += 1;
    }
    this.#points -= points;
    return this.#items.splice(0, count);
  }
}

/** Cuts what a program writes into lines of bounded length. */
export class LineReader {
  readonly #maxLength: number;
  #rest = '';
  /** Inside a line that is too long, whose beginning is gone. */
  #isSkipping = false;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The lines that `text` completes; undefined in the place of one that is too long. */
  add(text: string): (string | undefined)[] {
    const parts = text.split('\n');
    const lines: (string | undefined)[] = [];
    for (const [index, part] of parts.entries()) {
      if (this.#rest.length + part.length > this.#maxLength) this.#isSkipping = true;
      this.#rest = this.#isSkipping ? '' : this.#rest + part;
      if (index === parts.length - 1) break;
      lines.push(this.#isSkipping ? undefined : this.#rest);
      this.#rest = '';
      this.#isSkipping = false;
    }
    return lines;
  }
}

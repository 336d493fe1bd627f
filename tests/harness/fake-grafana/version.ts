/** What versions of Grafana do differently is asked by the version since which they do it. */
export class Version {
  readonly text: string;
  readonly #major: number;
  readonly #minor: number;

  constructor(text: string) {
    const [major = Number.NaN, minor = Number.NaN] = text.split('.').map(Number);
    if (Number.isNaN(major + minor)) throw new Error(`bad version of Grafana: ${text}`);
    this.text = text;
    this.#major = major;
    this.#minor = minor;
  }

  isAtLeast(major: number, minor = 0): boolean {
    return this.#major > major || (this.#major === major && this.#minor >= minor);
  }
}

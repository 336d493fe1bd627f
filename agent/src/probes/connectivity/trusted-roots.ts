import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** An authority may be installed while the agent runs. */
const readAgainMs = 3_600_000;

/**
 * The authorities that certificates of targets are checked against: those that Node brings, and, from the first chain on
 * that they do not explain, also those of the operating system, where an office installs the authority of its own
 * services. Not from the start: reading the system's takes 70 ms and 5 MB.
 */
export class TrustedRoots {
  readonly #systemRoots: () => readonly string[];
  #context: SecureContext | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(systemRoots: () => readonly string[] = () => getCACertificates('system')) {
    this.#systemRoots = systemRoots;
  }

  get context(): SecureContext {
    this.#context ??= createSecureContext();
    return this.#context;
  }

  /**
   * Call it when a chain leads to nobody known to `tried`; returns whether another try may end better. Checks run at the
   * same time: it does too when another one has asked since.
   */
  askSystem(monotonicMs: number, tried: SecureContext = this.context): boolean {
    if (tried !== this.#context) return true;
    if (monotonicMs - this.#readAt < readAgainMs) return false;
    this.#readAt = monotonicMs;
    this.#context = createSecureContext({
      ca: [...new Set([...getCACertificates('default'), ...this.#systemRoots()])],
    });
    return true;
  }
}

import type { Logger } from 'pino';
import type { ConsoleSettings } from './console-settings.ts';
import {
  type CertificateFiles,
  type CertificatePair,
  ConsoleCertificate,
  certificateWarnings,
} from './trust/console-certificate.ts';

const warnEveryMs = 86_400_000;

/** Names that the console's certificate is looked at for. */
export function certificateNames({ hosts, public_url }: ConsoleSettings): readonly string[] {
  return [...new Set([...hosts, ...(public_url === undefined ? [] : [new URL(public_url).hostname])])];
}

/** Keeps the console at the certificate that the files hold, and says in time that it ends. */
export class ConsoleTls {
  readonly #certificate: ConsoleCertificate;
  readonly #files: CertificateFiles;
  readonly #names: readonly string[];
  readonly #logger: Logger;
  readonly #now: () => number;
  #warnedAt = 0;

  /** Throws CertificateError. */
  constructor(
    settings: ConsoleSettings & { readonly tls: CertificateFiles },
    options: { readonly logger: Logger; readonly now: () => number },
  ) {
    this.#files = settings.tls;
    this.#names = certificateNames(settings);
    this.#logger = options.logger;
    this.#now = options.now;
    this.#certificate = new ConsoleCertificate(settings.tls);
    this.#warn();
  }

  get pair(): CertificatePair {
    return this.#certificate.current;
  }

  /** Looks at the files; `use` gets a pair that is new. */
  follow(use: (pair: CertificatePair) => void): void {
    const found = this.#certificate.follow();
    if (found.kind === 'broken') {
      const { problem } = found;
      this.#logger.error({ problem }, "the console's new certificate cannot be used; the one before goes on");
    }
    if (found.kind === 'renewed') {
      use(this.pair);
      this.#logger.info(
        { expires: new Date(this.pair.expiresAt).toISOString() },
        "the console's certificate was renewed",
      );
    }
    if (found.kind === 'renewed' || this.#now() - this.#warnedAt >= warnEveryMs) this.#warn();
  }

  #warn(): void {
    this.#warnedAt = this.#now();
    const options = { files: this.#files, names: this.#names, now: this.#now() };
    for (const warning of certificateWarnings(this.pair, options)) this.#logger.warn(warning);
  }
}

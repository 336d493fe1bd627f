/** The certificate of the console: the province's own, in two files that somebody else renews. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';

const renewSoonMs = 14 * 86_400_000;

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, as programs on this machine compare it. */
  readonly fingerprint: string;
  readonly expiresAt: number;
}

/** A pair that cannot be used; the message says why and what to do. */
export class CertificateError extends Error {
  override name = 'CertificateError';
}

/** Reads and checks both files. Throws CertificateError. */
export function readCertificate(files: CertificateFiles): CertificatePair {
  const [cert, key] = [readPem(files.cert, 'console.tls.cert'), readPem(files.key, 'console.tls.key')];
  const leaf = parse(() => new X509Certificate(cert), `${files.cert} holds no certificate: expected PEM`);
  if (!leaf.checkPrivateKey(parsePrivateKey(key, files.key))) {
    throw new CertificateError(`the key ${files.key} does not belong to the certificate ${files.cert}`);
  }
  // OpenSSL refuses more: keys that are too short, signatures that are too weak, a chain that is broken.
  parse(() => createSecureContext({ cert, key }), `the certificate ${files.cert} cannot be used`);
  return { cert, key, fingerprint: leaf.fingerprint256, expiresAt: leaf.validToDate.getTime() };
}

function readPem(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CertificateError(`cannot read ${file} (${(cause as Error).message}): check ${setting}`, { cause });
  }
}

function parse<T>(work: () => T, problem: string): T {
  try {
    return work();
  } catch (cause) {
    throw new CertificateError(`${problem} (${(cause as Error).message})`, { cause });
  }
}

function parsePrivateKey(pem: string, file: string): KeyObject {
  if (/BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(pem)) {
    throw new CertificateError(`the key ${file} wants a passphrase: give one without`);
  }
  return parse(() => createPrivateKey(pem), `${file} holds no private key: expected PEM`);
}

/** What a person should look into although the certificate can be used. */
export function certificateWarnings(
  pair: CertificatePair,
  options: { readonly files: CertificateFiles; readonly names: readonly string[]; readonly now: number },
): string[] {
  const { files, names, now } = options;
  const leaf = new X509Certificate(pair.cert);
  const warnings: string[] = [];
  const [from, until] = [leaf.validFromDate, leaf.validToDate];
  if (until.getTime() <= now) warnings.push(`the certificate ${files.cert} expired at ${until.toISOString()}`);
  else if (until.getTime() - now < renewSoonMs)
    warnings.push(`the certificate ${files.cert} expires at ${until.toISOString()}`);
  if (from.getTime() > now) warnings.push(`the certificate ${files.cert} is valid only from ${from.toISOString()}`);
  for (const name of names) {
    const plain = name.replace(/^\[|\]$/g, '');
    if ((isIP(plain) === 0 ? leaf.checkHost(plain) : leaf.checkIP(plain)) === undefined)
      warnings.push(`the certificate ${files.cert} is not for the name ${name}`);
  }
  if (process.platform !== 'win32' && (statSync(files.key).mode & 0o007) !== 0)
    warnings.push(`the key ${files.key} is open to every user of this machine: chmod 640 or stricter`);
  return warnings;
}

/** Follows the two files while the collector runs. */
export class ConsoleCertificate {
  readonly #files: CertificateFiles;
  #current: CertificatePair;
  #lastProblem: string | undefined;

  /** Throws CertificateError. */
  constructor(files: CertificateFiles) {
    this.#files = files;
    this.#current = readCertificate(files);
  }

  get current(): CertificatePair {
    return this.#current;
  }

  /**
   * `renewed` when the files hold another pair that can be used. While they hold none, as between the renewal of the one
   * and of the other, the pair before goes on; each problem is told once.
   */
  follow(): { readonly kind: 'same' | 'renewed' } | { readonly kind: 'broken'; readonly problem: string } {
    let found: CertificatePair;
    try {
      found = readCertificate(this.#files);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      if (error.message === this.#lastProblem) return { kind: 'same' };
      this.#lastProblem = error.message;
      return { kind: 'broken', problem: error.message };
    }
    this.#lastProblem = undefined;
    if (found.cert === this.#current.cert && found.key === this.#current.key) return { kind: 'same' };
    this.#current = found;
    return { kind: 'renewed' };
  }
}

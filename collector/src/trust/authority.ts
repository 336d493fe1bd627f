/**
 * The collector's own certificate authority: a root that only signs the leaf of the agents' port.
 *
 * On disk, in `<data>/trust/`: `ca-key.pem` and `leaf-key.pem` (mode 0600), `ca.pem`, `leaf.pem`. Agents pin the
 * SHA-256 of the root's public key (SPKI), so the leaf may be renewed at any time; a lost root means that every
 * machine has to be enrolled again.
 *
 * The root changes in two steps. `prepareNext` makes `next-ca.pem`; from then on agents are told both pins whenever they
 * connect. `promoteNext` makes it the root, keeps the old one as `old-ca.pem`, and signs a new leaf. Commands do this
 * beside a running collector, which looks at the files again every few seconds.
 */
import 'reflect-metadata';
import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { collectorServerName, encodeBase32 } from '@vonggac/shared';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
const rootLifeMs = 20 * 365 * dayMs;
const leafLifeMs = 90 * dayMs;
const renewBeforeMs = 30 * dayMs;
/** Certificates begin a day early, for machines whose clock is behind. */
const backdateMs = dayMs;

/** What a TLS server needs. */
export interface ServerCredentials {
  readonly key: string;
  /** Leaf and root, PEM. */
  readonly cert: string;
}

export interface CertificateInfo {
  readonly pin: string;
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validTo: number;
}

type Name = 'ca' | 'next-ca' | 'leaf';

interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

export class Authority {
  readonly #folder: string;
  readonly #now: () => number;

  /** `folder` is the data folder; `now` the clock in milliseconds. */
  constructor(folder: string, now: () => number) {
    this.#folder = join(folder, 'trust');
    this.#now = now;
  }

  /** Makes the root unless there is one, and the leaf unless it is good for another 30 days. */
  async credentials(): Promise<ServerCredentials> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const root = this.#read('ca') ?? this.#write('ca', await this.#makeRoot());
    const leaf = this.#currentLeaf() ?? this.#write('leaf', await this.#makeLeaf(root));
    return { key: leaf.key, cert: leaf.certificate + root.certificate };
  }

  /** Base32 of the SHA-256 of the root's public key; what agents pin. */
  get pin(): string {
    return this.info('ca')?.pin ?? '';
  }

  /** What agents are to trust: the root and, when one is prepared, the next. */
  get pins(): string[] {
    return (['ca', 'next-ca'] as const).flatMap((name) => this.info(name)?.pin ?? []);
  }

  /** Pin and validity of a certificate; undefined when there is none. */
  info(name: Name): CertificateInfo | undefined {
    const found = this.#read(name);
    if (!found) return undefined;
    const certificate = new X509Certificate(found.certificate);
    return {
      pin: pinOf(certificate),
      validFrom: certificate.validFromDate.getTime() + backdateMs,
      validTo: certificate.validToDate.getTime(),
    };
  }

  /** Makes the next root unless there is one. */
  async prepareNext(): Promise<CertificateInfo> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    if (!this.#read('next-ca')) this.#write('next-ca', await this.#makeRoot());
    const info = this.info('next-ca');
    if (!info) throw new Error('the next root was not written');
    return info;
  }

  /** Makes the next root the root. The leaf goes first: a leaf of the old root beside the new one would be refused. */
  promoteNext(): void {
    const next = this.#read('next-ca');
    if (!next) throw new Error('no next root is prepared');
    const old = this.#read('ca');
    for (const file of ['leaf.pem', 'leaf-key.pem']) rmSync(join(this.#folder, file), { force: true });
    if (old) writeAtomically(join(this.#folder, 'old-ca.pem'), old.certificate);
    this.#write('ca', next);
    for (const file of ['next-ca.pem', 'next-ca-key.pem']) rmSync(join(this.#folder, file), { force: true });
  }

  #currentLeaf(): KeyAndCertificate | undefined {
    const leaf = this.#read('leaf');
    if (!leaf) return undefined;
    const validTo = new X509Certificate(leaf.certificate).validToDate.getTime();
    return validTo - this.#now() > renewBeforeMs ? leaf : undefined;
  }

  #read(name: Name): KeyAndCertificate | undefined {
    const keyFile = join(this.#folder, `${name}-key.pem`);
    const certificateFile = join(this.#folder, `${name}.pem`);
    if (!existsSync(keyFile) || !existsSync(certificateFile)) return undefined;
    return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
  }

  /** Key first: a certificate without its key would be worse than none. */
  #write(name: Name, made: KeyAndCertificate): KeyAndCertificate {
    writeAtomically(join(this.#folder, `${name}-key.pem`), made.key);
    writeAtomically(join(this.#folder, `${name}.pem`), made.certificate);
    return made;
  }

  async #makeRoot(): Promise<KeyAndCertificate> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Vong Gac collector CA',
      keys,
      signingAlgorithm: algorithm,
      serialNumber: randomBytes(16).toString('hex'),
      ...this.#validity(rootLifeMs),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return { key: await privatePem(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
  }

  async #makeLeaf(root: KeyAndCertificate): Promise<KeyAndCertificate> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const rootKeyBytes = createPrivateKey(root.key).export({ type: 'pkcs8', format: 'der' });
    const rootKey = await crypto.subtle.importKey('pkcs8', rootKeyBytes, algorithm, false, ['sign']);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: 'CN=Vong Gac collector',
      issuer: new x509.X509Certificate(root.certificate).subject,
      publicKey: keys.publicKey,
      signingKey: rootKey,
      signingAlgorithm: algorithm,
      serialNumber: randomBytes(16).toString('hex'),
      ...this.#validity(leafLifeMs),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: collectorServerName }]),
      ],
    });
    return { key: await privatePem(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
  }

  #validity(lifeMs: number): { notBefore: Date; notAfter: Date } {
    const now = this.#now();
    return { notBefore: new Date(now - backdateMs), notAfter: new Date(now + lifeMs) };
  }
}

/** Base32 of the SHA-256 of a certificate's public key (SPKI), as RFC 7469 pins are made. */
function pinOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return encodeBase32(createHash('sha256').update(spki).digest());
}

async function privatePem(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

function writeAtomically(file: string, text: string): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
}

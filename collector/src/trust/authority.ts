/**
 * The collector's own certificate authority: a root that only signs the leaf of the agents' port.
 *
 * On disk, in `<data>/trust/`: `ca-key.pem` and `leaf-key.pem` (mode 0600), `ca.pem`, `leaf.pem`. Agents pin the
 * SHA-256 of the root's public key (SPKI), so the leaf may be renewed at any time; a lost root means that every
 * machine has to be enrolled again.
 */
import 'reflect-metadata';
import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
    const root = new X509Certificate(readFileSync(join(this.#folder, 'ca.pem')));
    return pinOf(root);
  }

  #currentLeaf(): KeyAndCertificate | undefined {
    const leaf = this.#read('leaf');
    if (!leaf) return undefined;
    const validTo = new X509Certificate(leaf.certificate).validToDate.getTime();
    return validTo - this.#now() > renewBeforeMs ? leaf : undefined;
  }

  #read(name: 'ca' | 'leaf'): KeyAndCertificate | undefined {
    const keyFile = join(this.#folder, `${name}-key.pem`);
    const certificateFile = join(this.#folder, `${name}.pem`);
    if (!existsSync(keyFile) || !existsSync(certificateFile)) return undefined;
    return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
  }

  /** Key first: a certificate without its key would be worse than none. */
  #write(name: 'ca' | 'leaf', made: KeyAndCertificate): KeyAndCertificate {
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

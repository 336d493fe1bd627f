/** Certificates for the test servers: one authority, and leaves that are good, about to end, over, or another's. */
import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export class TestAuthority {
  readonly #keys: CryptoKeyPair;
  /** PEM; what a machine has to trust. */
  readonly root: string;

  private constructor(keys: CryptoKeyPair, root: string) {
    this.#keys = keys;
    this.root = root;
  }

  static async create(): Promise<TestAuthority> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Province test authority',
      keys,
      signingAlgorithm: algorithm,
      serialNumber: '01',
      notBefore: new Date(Date.now() - 400 * dayMs),
      notAfter: new Date(Date.now() + 400 * dayMs),
      extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    });
    return new TestAuthority(keys, `${root.toString('pem')}\n`);
  }

  /** For `name`, good from ten days before it ends; `days` may be negative. */
  async issue(name: string, days: number): Promise<KeyAndCertificate> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const notAfter = new Date(Date.now() + days * dayMs);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: 'CN=Province test authority',
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      serialNumber: '02',
      notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - 10 * dayMs),
      notAfter,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
    return { key: String(key), cert: certificate.toString('pem') };
  }
}

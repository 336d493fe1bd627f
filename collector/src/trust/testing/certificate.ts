/** Certificates as a province would get them for its console, made on the spot. */
import 'reflect-metadata';
import { createPrivateKey, randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2_048,
  },
} as const;
const dayMs = 86_400_000;

/** A self-signed certificate and its key, PEM. */
export async function makeCertificate(
  options: {
    readonly names?: readonly string[];
    readonly from?: number;
    readonly until?: number;
    readonly kind?: keyof typeof algorithms;
  } = {},
): Promise<{ readonly cert: string; readonly key: string }> {
  const {
    names = ['giamsat.example', '127.0.0.1'],
    from = Date.now() - dayMs,
    until = Date.now() + 90 * dayMs,
    kind = 'ec',
  } = options;
  const algorithm = algorithms[kind];
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0]}`,
    keys,
    signingAlgorithm: algorithm,
    serialNumber: randomBytes(8).toString('hex'),
    notBefore: new Date(from),
    notAfter: new Date(until),
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  return { cert: `${certificate.toString('pem')}\n`, key: String(key.export({ type: 'pkcs8', format: 'pem' })) };
}

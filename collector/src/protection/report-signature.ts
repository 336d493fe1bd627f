/** Signs the report: XML-DSig, enveloped, exclusive canonicalisation, RSA with SHA-256. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { escapeXml } from './xml-text.ts';

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const leastBits = 2_048;

/** A certificate or key that cannot sign; the message says why. */
export class SignatureError extends Error {
  override name = 'SignatureError';
}

export interface Signer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** Reads both from PEM and checks that they belong together and are good now. Throws SignatureError. */
export function readSigner(
  { certificate: pem, key: keyPem }: { certificate: string; key: string },
  now: number,
): Signer {
  const certificate = attempt('the certificate cannot be read', () => new X509Certificate(pem));
  const key = attempt('the private key cannot be read, or has a pass phrase', () => createPrivateKey(keyPem));
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < leastBits) {
    throw new SignatureError(`the private key is no RSA key of at least ${leastBits} bits`);
  }
  if (!certificate.checkPrivateKey(key)) throw new SignatureError('the private key is not that of the certificate');
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  if (now < from || now > to) {
    const [begin, end] = [from, to].map((time) => new Date(time).toISOString().slice(0, 10));
    throw new SignatureError(`the certificate is valid from ${begin} to ${end}, which is not now`);
  }
  return { certificate, key };
}

function attempt<T>(problem: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new SignatureError(problem, { cause });
  }
}

/** The document with its signature after the message header. */
export function signReport(xml: string, { certificate, key }: Signer): string {
  const signature = new SignedXml({
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: certificate.toString(),
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusive,
    getKeyInfoContent: () =>
      '<X509Data>' +
      `<X509SubjectName>${escapeXml(subjectOf(certificate))}</X509SubjectName>` +
      `<X509Certificate>${certificate.raw.toString('base64')}</X509Certificate>` +
      '</X509Data>',
  });
  signature.addReference({
    xpath: '/*',
    transforms: [enveloped, exclusive],
    digestAlgorithm: sha256,
    uri: '',
    isEmptyUri: true,
  });
  signature.computeSignature(xml, { location: { reference: "//*[local-name(.)='MessageHeader']", action: 'after' } });
  return signature.getSignedXml();
}

/** As RFC 4514 has it: the most special part first. */
function subjectOf({ subject }: X509Certificate): string {
  return subject.split('\n').reverse().join(',');
}

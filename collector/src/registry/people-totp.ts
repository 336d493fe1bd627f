/** Time-based one-time passwords, RFC 6238, as every authenticator program makes them: SHA-1, 6 digits, 30 seconds. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;
/** A telephone's clock may be one step off. */
const toleratedSteps = 1;
const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 20 bytes, as many as SHA-1 makes of them. */
export function newTotpSecret(): Buffer {
  return randomBytes(20);
}

/** The code of a moment. */
export function totpAt(secret: Buffer, at: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / stepMs)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is, or undefined; the caller sees to it that each step is used once. */
export function matchTotp(secret: Buffer, code: string, at: number): number | undefined {
  const given = Buffer.from(code.replaceAll(' ', ''));
  let found: number | undefined;
  for (let off = -toleratedSteps; off <= toleratedSteps; off += 1) {
    const expected = Buffer.from(totpAt(secret, at + off * stepMs));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = Math.floor(at / stepMs) + off;
  }
  return found;
}

export function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => base32Letters[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** What authenticator programs read, as a link or from a QR code. */
export function otpauthUri(name: string, secret: Buffer): string {
  const label = encodeURIComponent(`Vọng Gác:${name}`);
  return `otpauth://totp/${label}?secret=${toBase32(secret)}&issuer=${encodeURIComponent('Vọng Gác')}`;
}

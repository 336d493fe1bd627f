/**
 * The enrolment code: one string that a unit admin pastes or hears once.
 *
 * Two forms of the same code, both in Crockford's base32, written in groups with dashes:
 * - full, to paste: `1` (version), token, whole pin, addresses, check
 * - short, for the phone, exactly 32 symbols: start of the pin, token, check; the address is given apart
 *
 * The token has 75 bits. The pin is the SHA-256 of the public key (SPKI) of the collector's CA in base32; the short
 * form keeps its first 70 bits. The check catches every wrong symbol and every swap of two neighbours.
 */
import { decodeBase32, encodeBase32, normaliseBase32, strangeSymbol, symbolOf, symbolValues } from './base32.ts';

export const tokenSymbols = 15;
const pinSymbols = 52;
const shortPinSymbols = 14;
const checkSymbols = 3;
const shortSymbols = shortPinSymbols + tokenSymbols + checkSymbols;
const fullVersion = '1';

export interface EnrolmentCode {
  /** 15 symbols: the secret. */
  readonly token: string;
  /** Base32 of SHA-256 of the CA's public key, or the beginning of it. */
  readonly pin: string;
  /** `host:port`, in the order to try; empty in the short form. */
  readonly addresses: readonly string[];
}

/** A code that cannot be used; `reason` names a text of the interface. */
export class InvalidEnrolmentCode extends Error {
  override name = 'InvalidEnrolmentCode';
  readonly reason: 'symbol' | 'length' | 'check' | 'version' | 'address';

  constructor(reason: InvalidEnrolmentCode['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Three check symbols over GF(32): sums of the symbols weighted by the powers of 1, a and a², so that any one or two
 * wrong symbols and any swap change at least one of them (Reed-Solomon, minimum distance 4 up to 31 symbols; beyond
 * that the weights repeat and a swap of symbols 31 places apart would go unseen).
 */
function checkOf(text: string): string {
  let plain = 0;
  let weighted = 0;
  let squared = 0;
  for (const value of symbolValues(text)) {
    plain ^= value;
    weighted = timesA(weighted) ^ value;
    squared = timesA(timesA(squared)) ^ value;
  }
  return symbolOf(plain) + symbolOf(weighted) + symbolOf(squared);
}

/** Multiplies by a in GF(32) with the primitive polynomial x⁵ + x² + 1. */
function timesA(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? (doubled ^ 0b100101) & 31 : doubled;
}

function inGroups(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

const addressPattern = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+):(\d{1,5})$/;

/** Whether `text` is `host:port` or `[IPv6]:port`. */
export function isAddress(text: string): boolean {
  const port = addressPattern.exec(text)?.[2];
  return text.length <= 255 && port !== undefined && Number(port) > 0 && Number(port) < 65_536;
}

/** The form to paste. `pin` must be whole. */
export function formatFullCode(code: EnrolmentCode): string {
  const addresses = encodeBase32(new TextEncoder().encode(code.addresses.join(',')));
  const body = fullVersion + code.token + code.pin + addresses;
  return inGroups(body + checkOf(body));
}

/** The form for the phone. */
export function formatShortCode(code: EnrolmentCode): string {
  const body = code.pin.slice(0, shortPinSymbols) + code.token;
  return inGroups(body + checkOf(body));
}

/** Reads either form. Throws InvalidEnrolmentCode. */
export function parseEnrolmentCode(text: string): EnrolmentCode {
  const symbols = normaliseBase32(text);
  const strange = strangeSymbol(symbols);
  if (strange !== undefined) {
    throw new InvalidEnrolmentCode('symbol', `the code cannot contain "${strange}": look at that place again`);
  }
  const body = symbols.slice(0, -checkSymbols);
  if (symbols.length !== shortSymbols && symbols.length < 1 + tokenSymbols + pinSymbols + checkSymbols) {
    throw new InvalidEnrolmentCode(
      'length',
      `the code has ${symbols.length} characters; a short one has ${shortSymbols}, a full one more than ${1 + tokenSymbols + pinSymbols}: part of it is missing`,
    );
  }
  if (symbols.slice(-checkSymbols) !== checkOf(body)) {
    throw new InvalidEnrolmentCode('check', 'a character of the code is wrong or two are swapped: compare it again');
  }
  if (symbols.length === shortSymbols) {
    return { pin: body.slice(0, shortPinSymbols), token: body.slice(shortPinSymbols), addresses: [] };
  }
  if (!body.startsWith(fullVersion)) {
    throw new InvalidEnrolmentCode('version', 'the code was made by a newer collector: install a newer agent');
  }
  const token = body.slice(1, 1 + tokenSymbols);
  const pin = body.slice(1 + tokenSymbols, 1 + tokenSymbols + pinSymbols);
  const addresses = new TextDecoder().decode(decodeBase32(body.slice(1 + tokenSymbols + pinSymbols))).split(',');
  if (!addresses.every(isAddress)) {
    throw new InvalidEnrolmentCode('address', 'the code holds no usable address: ask for a new one');
  }
  return { token, pin, addresses };
}

/**
 * Reads a recorded TLS 1.3 connection (RFC 8446): its records, and, with the secrets that the client wrote down (the
 * format of SSLKEYLOGFILE), what is in those that are encrypted.
 */
import { createDecipheriv, createHmac } from 'node:crypto';

export type ContentType = 'change_cipher_spec' | 'alert' | 'handshake' | 'application_data';

export interface TlsRecord {
  /** Of what is inside, when it is encrypted. */
  readonly type: ContentType;
  readonly encrypted: boolean;
  readonly content: Buffer;
}

interface RawRecord {
  readonly header: Buffer;
  readonly type: ContentType;
  readonly body: Buffer;
}

const contentTypes: Readonly<Record<number, ContentType>> = {
  20: 'change_cipher_spec',
  21: 'alert',
  22: 'handshake',
  23: 'application_data',
};

const cipherSuites: Readonly<
  Record<number, { cipher: 'aes-128-gcm' | 'aes-256-gcm'; hash: string; keyBytes: number }>
> = {
  4865: { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 },
  4866: { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 },
};
const tagBytes = 16;

function typeOf(number: number | undefined): ContentType {
  const type = contentTypes[number ?? -1];
  if (type === undefined) throw new Error(`no TLS record has the type ${number}`);
  return type;
}

/** The records as they are on the line. Throws when the bytes are not whole records. */
function rawRecords(bytes: Buffer): RawRecord[] {
  const records: RawRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = bytes.subarray(at, at + 5);
    const end = at + 5 + header.readUInt16BE(3);
    if (end > bytes.length) throw new Error(`a record is cut off at byte ${at}`);
    records.push({ header, type: typeOf(header[0]), body: bytes.subarray(at + 5, end) });
    at = end;
  }
  return records;
}

/** The kinds of record, without their secrets. */
export function clearRecords(bytes: Buffer): TlsRecord[] {
  return rawRecords(bytes).map(({ type, body }) => ({ type, encrypted: type === 'application_data', content: body }));
}

/** HKDF-Expand-Label with an empty context; one block is as long as anything asked for here. */
function expandLabel(secret: Buffer, label: string, { hash, length }: { hash: string; length: number }): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

class Opener {
  readonly #suite: { cipher: 'aes-128-gcm' | 'aes-256-gcm'; hash: string; keyBytes: number };
  readonly #key: Buffer;
  readonly #iv: Buffer;
  #sequence = 0n;

  constructor(secret: Buffer, suiteNumber: number) {
    const suite = cipherSuites[suiteNumber];
    if (!suite) throw new Error(`cannot read the cipher suite ${suiteNumber}`);
    this.#suite = suite;
    this.#key = expandLabel(secret, 'key', { hash: suite.hash, length: suite.keyBytes });
    this.#iv = expandLabel(secret, 'iv', { hash: suite.hash, length: 12 });
  }

  /** Throws when the record was not encrypted with this secret, or is not the next one. */
  open({ header, body }: RawRecord): TlsRecord {
    const nonce = Buffer.from(this.#iv);
    nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ this.#sequence, 4);
    const decipher = createDecipheriv(this.#suite.cipher, this.#key, nonce);
    decipher.setAAD(header).setAuthTag(body.subarray(-tagBytes));
    const inner = Buffer.concat([decipher.update(body.subarray(0, -tagBytes)), decipher.final()]);
    this.#sequence += 1n;
    // Zeros may follow the type.
    const typeAt = inner.findLastIndex((byte) => byte !== 0);
    return { type: typeOf(inner[typeAt]), encrypted: true, content: inner.subarray(0, typeAt) };
  }
}

/** Secrets of one connection by label. */
function secretsOf(keyLog: string, clientRandom: string): Map<string, Buffer> {
  const lines = keyLog.split('\n').map((line) => line.split(' '));
  const own = lines.filter(([, random]) => random === clientRandom);
  return new Map(own.map(([label = '', , secret = '']) => [label, Buffer.from(secret, 'hex')]));
}

/** Opens what both sides of one connection said. */
export function openRecords(
  said: { readonly client: Buffer; readonly server: Buffer },
  keyLog: string,
): { client: TlsRecord[]; server: TlsRecord[] } {
  // Header of the record, of the message, and two bytes of version stand before the random of a hello.
  const secrets = secretsOf(keyLog, said.client.toString('hex', 11, 43));
  const sessionIdBytes = said.server.readUInt8(43);
  const suite = said.server.readUInt16BE(44 + sessionIdBytes);
  function open(bytes: Buffer, who: 'CLIENT' | 'SERVER'): TlsRecord[] {
    const openers = [`${who}_HANDSHAKE_TRAFFIC_SECRET`, `${who}_TRAFFIC_SECRET_0`].map((label) => {
      const secret = secrets.get(label);
      if (!secret) throw new Error(`the key log has no ${label} of this connection`);
      return new Opener(secret, suite);
    });
    return rawRecords(bytes).map((record) => {
      if (record.type !== 'application_data') return { type: record.type, encrypted: false, content: record.body };
      try {
        return (openers[0] as Opener).open(record);
      } catch (error) {
        // The handshake is over: from here on the next secret is in use.
        if (openers.length === 1) throw error;
        openers.shift();
        return (openers[0] as Opener).open(record);
      }
    });
  }
  return { client: open(said.client, 'CLIENT'), server: open(said.server, 'SERVER') };
}

/** What the records of one kind hold, one after the other. */
export function contentOf(records: readonly TlsRecord[], type: ContentType): Buffer {
  return Buffer.concat(records.filter((record) => record.type === type).map(({ content }) => content));
}

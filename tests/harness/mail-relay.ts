/** A real SMTP server as a province's relay: STARTTLS, names with passwords, recipients that it does not know. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  /** By small letters; unfolded and decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly raw: string;
  readonly wasEncrypted: boolean;
}

interface Options {
  readonly cert: string;
  readonly key: string;
  readonly user: string;
  readonly password: string;
}

export class MailRelay {
  readonly mails: ReceivedMail[] = [];
  /** Addresses that are refused for ever. */
  readonly unknown = new Set<string>();
  /** How often a client showed a password. */
  logins = 0;
  readonly #options: Options;
  #server: SMTPServer | undefined;
  #port = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens where it did before. `inClear`: offers no TLS, and takes passwords all the same. */
  async start({ inClear = false } = {}): Promise<void> {
    const { cert, key, user, password } = this.#options;
    const server = new SMTPServer({
      cert,
      key,
      ...(inClear && { disabledCommands: ['STARTTLS'] }),
      allowInsecureAuth: inClear,
      authMethods: ['PLAIN', 'LOGIN'],
      onAuth: (auth, _session, done) => {
        this.logins += 1;
        if (auth.username === user && auth.password === password) done(null, { user });
        else done(new Error('535 wrong name or password'));
      },
      onRcptTo: ({ address }, _session, done) => {
        if (!this.unknown.has(address)) return done();
        return done(Object.assign(new Error('no such mailbox here'), { responseCode: 550 }));
      },
      onData: (stream, session, done) => {
        text(stream).then((raw) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ ...readMail(raw), to, raw, wasEncrypted: session.secure });
          done();
        }, done);
      },
    });
    // Clients that leave in the middle are part of the tests.
    server.on('error', () => undefined);
    server.listen(this.#port, '127.0.0.1');
    await once(server.server, 'listening');
    this.#port = (server.server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

function readMail(raw: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(/: (.*)/s);
      return [name.toLowerCase(), decodeWords(value)];
    }),
  );
  const body = rest.join('\r\n\r\n');
  const encoding = headers['content-transfer-encoding'];
  if (encoding === 'base64') return { headers, text: Buffer.from(body, 'base64').toString() };
  return { headers, text: encoding === 'quoted-printable' ? unquote(body.replace(/=\r\n/g, '')) : body };
}

/** RFC 2047. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : unquote(word.replaceAll('_', ' ')),
    );
}

function unquote(word: string): string {
  const bytes = word.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

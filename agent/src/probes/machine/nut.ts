/**
 * UPS that Network UPS Tools on this machine look after. Source: `upsd` at its own port on the loopback, RFC 9271. Reads
 * only; needs no account. Another program may sit at that port: whatever it says is bounded in size and time.
 */
import { connect, type Socket } from 'node:net';
import { cleanText, quote } from '../clean-text.ts';
import type { UpsReading } from './ups-reading.ts';

export const nutPort = 3_493;

export interface NutAnswer {
  readonly readings: readonly UpsReading[];
  /** UPS of which nothing is known now, and why. */
  readonly problems: readonly string[];
}

/** A UPS has some 60 variables of 40 bytes. */
const maxBytes = 64 * 1_024;
const maxUps = 8;
/** What is measured at the same tick waits for it. */
const timeoutMs = 2_000;
/** Names as RFC 9271 allows, without what could end a command. */
const upsName = /^[A-Za-z0-9][\w.@-]{0,63}$/;

/** Undefined when nobody listens there: no NUT on this machine. Throws when the answer makes no sense or does not come. */
export async function askNut(options: { port: number; signal: AbortSignal }): Promise<NutAnswer | undefined> {
  const socket = connect({ host: '127.0.0.1', port: options.port });
  const reply = new Reply(socket);
  const abort = () => socket.destroy(new Error('given up'));
  const timer = setTimeout(() => socket.destroy(new Error(`upsd did not answer within ${timeoutMs} ms`)), timeoutMs);
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    socket.write('LIST UPS\n');
    const names = parseUpsList(await reply.until(1)).slice(0, maxUps);
    if (names.length === 0) return { readings: [], problems: [] };
    socket.write(names.map((name) => `LIST VAR ${name}\n`).join(''));
    return parseVariables(await reply.until(names.length), names);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

/** What comes back, in lists that each end with a line of their own, or with an error in their place. */
class Reply {
  #text = '';
  #ended: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      this.#text += chunk;
      if (this.#text.length > maxBytes) socket.destroy(new Error(`upsd wrote more than ${maxBytes} bytes`));
      this.#wake?.();
    });
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('upsd closed the connection')));
  }

  /** Takes the text of the next `count` answers. */
  async until(count: number): Promise<string> {
    while (answersIn(this.#text) < count) {
      if (this.#ended) throw this.#ended;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#wake?.();
  }
}

function answersIn(text: string): number {
  return text.match(/^(?:END LIST|ERR) .*\r?\n/gm)?.length ?? 0;
}

/** The names in the answer to `LIST UPS`. Throws when it is none. */
export function parseUpsList(text: string): string[] {
  const error = errorOf(text);
  if (error !== undefined) throw new Error(`upsd refuses to list its UPS: ${error}`);
  if (!/^BEGIN LIST UPS\r?$/m.test(text)) throw new Error(`upsd does not speak its protocol: ${quote(text)}`);
  return [...text.matchAll(/^UPS (\S{1,64}) /gm)].flatMap(([, name = '']) => (upsName.test(name) ? [name] : []));
}

/** The answers to `LIST VAR` for each of the names, in their order. */
export function parseVariables(text: string, names: readonly string[]): NutAnswer {
  const answers = text.split(/^(?=BEGIN LIST VAR |ERR )/m).filter((part) => part.trim() !== '');
  const readings: UpsReading[] = [];
  const problems: string[] = [];
  for (const [index, name] of names.entries()) {
    const answer = answers[index] ?? '';
    const problem = errorOf(answer);
    const variables = variablesOf(answer, name);
    // DATA-STALE and DRIVER-NOT-CONNECTED: nobody knows how the UPS is, which is not the same as well.
    if (problem !== undefined) problems.push(`upsd says of ${name}: ${problem}`);
    else if (!variables.has('ups.status')) problems.push(`upsd does not say the status of ${name}`);
    else readings.push(readingOf(name, variables));
  }
  return { readings, problems };
}

function errorOf(text: string): string | undefined {
  const [, error] = /^ERR ([A-Z-]{1,40})/m.exec(text) ?? [];
  return error;
}

function variablesOf(answer: string, name: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of answer.split(/\r?\n/)) {
    const [, ups, variable, value] = /^VAR (\S{1,64}) (\S{1,64}) "((?:[^"\\]|\\.){0,256})"$/.exec(line) ?? [];
    if (ups === name && variable !== undefined && value !== undefined) variables.set(variable, value);
  }
  return variables;
}

/** `ups.status` is a list of words: OL on line, OB on battery, LB low battery. */
function readingOf(name: string, variables: ReadonlyMap<string, string>): UpsReading {
  const status = (variables.get('ups.status') ?? '').split(' ');
  const isOn = status.includes('OB');
  return {
    ups: cleanText(name),
    kind: 'ups',
    onBattery: isOn ? true : status.includes('OL') ? false : undefined,
    charge: numberOf(variables.get('battery.charge')),
    runtimeSeconds: numberOf(variables.get('battery.runtime')),
    isLow: status.includes('LB'),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

/** Throws spoilt bytes at a running collector over real TLS, with an honest agent beside. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { enrolPath } from '@vonggac/shared';
import { frame, opcodes, tlsLine } from '../harness/hostile.ts';
import { AgentProcess, CollectorProcess } from '../harness/program.ts';
import { RawAgent } from '../harness/raw-agent.ts';
import { readVitals, watched } from '../harness/vitals.ts';
import { Witness } from '../harness/witness.ts';
import { mutate } from './mutate.ts';
import { mutateDeflated } from './mutate-deflated.ts';
import { mutateJson } from './mutate-json.ts';
import { Random } from './random.ts';
import { seeds } from './seeds.ts';
import { type Failure, Tally } from './tally.ts';

/** Attackers at a time, each an agent of its own: a second session of one would end the first. */
const lanes = 4;
/** Nothing is waited for longer where it may be that nothing comes. */
const quietMs = 150;
const answerMs = 5_000;
const growthBytes = 32 * 1_048_576;

/** Limits that would end the attack before it reaches its target. */
const limits = {
  connections_per_address: 20_000,
  handshakes_per_second: 10_000,
  handshakes_per_second_per_address: 10_000,
  pending_per_address: 10_000,
  pending_enrolments: 1_000,
  failed_tokens_per_address: 1_000,
  failed_token_wait_seconds: 1,
  failed_tokens_per_second: 1_000,
  messages_per_second: 100_000,
  points_per_second: 1_000_000,
  invalid_frames_per_minute: 100_000,
  window: 64,
};

/** Internal errors: what the collector says when it does not know what hit it. */
const wrongCloses = ['1001 goingAway', '1011'];

interface Input {
  readonly kind: 'message' | 'frame' | 'hello' | 'enrolment';
  readonly bytes: Buffer;
  readonly isBinary: boolean;
}

/** The input with this number; a hello is spoilt where it is made, because it signs its connection. */
export function wireInput(seed: string, index: number): Input & { random: Random } {
  const random = new Random(`${seed} wire ${index}`);
  const other = random.pick(seeds.agentMessages);
  switch (random.below(8)) {
    case 0:
      return { kind: 'hello', bytes: other, isBinary: false, random };
    case 1:
      return { kind: 'enrolment', bytes: enrolmentRequest(random), isBinary: false, random };
    case 2:
    case 3: {
      const bytes = mutate(random.pick(seeds.webSocketFrames), { random, other: random.pick(seeds.webSocketFrames) });
      return { kind: 'frame', bytes, isBinary: true, random };
    }
    case 4:
      return {
        kind: 'message',
        bytes: mutateDeflated(random.pick(seeds.batches), { random, other }),
        isBinary: true,
        random,
      };
    default:
      return {
        kind: 'message',
        bytes: mutateJson(random.pick(seeds.agentMessages), { random, other }),
        isBinary: false,
        random,
      };
  }
}

/** A request with a spoilt body and an honest head, or one that is spoilt as a whole. */
function enrolmentRequest(random: Random): Buffer {
  const seed = random.pick(seeds.enrolments);
  const isWhole = random.chance(0.5);
  const body = isWhole ? seed : mutateJson(seed, { random, other: seed });
  const head = `POST ${enrolPath} HTTP/1.1\r\nHost: collector\r\nContent-Length: ${body.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), body]);
  return isWhole ? mutate(request, { random, other: seed }) : request;
}

export class WireFuzz {
  readonly tally = new Tally();
  slowestAckMs = 0;
  readonly #seed: string;
  readonly #folder: string;
  readonly #collector: CollectorProcess;
  readonly #sessions = new Map<number, RawAgent>();
  /** Inputs since the collector was last found well. */
  #recent: { index: number; bytes: Buffer }[] = [];
  #witness: Witness | undefined;
  #liveBefore = 0;
  #index = 0;

  constructor(seed: string, folder: string) {
    this.#seed = seed;
    this.#folder = folder;
    const lines = Object.entries(limits).map(([name, value]) => `    ${name}: ${value}\n`);
    writeFileSync(join(folder, 'collector.yaml'), `agents:\n  limits:\n${lines.join('')}`);
    this.#collector = new CollectorProcess(join(folder, 'collector'), {
      VONGGAC_CONFIG: join(folder, 'collector.yaml'),
      VONGGAC_LOG_LEVEL: 'error',
      ...watched(this.#vitalsFile),
    });
  }

  async start(): Promise<void> {
    await this.#collector.start();
    this.#collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
    for (const name of ['witness', ...Array.from({ length: lanes }, (_, lane) => `${lane}`)]) {
      new AgentProcess(join(this.#folder, name)).enrol(this.#collector, { unit: 'DV' });
    }
    const witness = await this.#connect('witness');
    await witness.open();
    this.#witness = new Witness(witness);
  }

  /** Goes on for `ms` and looks at the collector; stops at the first failure. */
  async run(ms: number): Promise<Failure | undefined> {
    const watch = this.#witness?.watch();
    const end = performance.now() + ms;
    const found = await Promise.all(Array.from({ length: lanes }, (_, lane) => this.#attack(lane, end)));
    try {
      this.slowestAckMs = Math.max(this.slowestAckMs, (await watch?.stop()) ?? 0);
    } catch (error) {
      return this.#failureOfRecent(`an honest agent is not served: ${(error as Error).message}`);
    }
    const problem = found.find((one) => one !== undefined) ?? (await this.#illness());
    this.#recent = [];
    return problem;
  }

  async stop(): Promise<void> {
    this.#witness?.close();
    for (const session of this.#sessions.values()) session.close();
    await this.#collector.stop();
  }

  get #vitalsFile(): string {
    return join(this.#folder, 'vitals.json');
  }

  async #attack(lane: number, end: number): Promise<Failure | undefined> {
    while (performance.now() < end && this.#collector.program.running) {
      const index = this.#index++;
      const input = wireInput(this.#seed, index);
      this.#recent.push({ index, bytes: input.bytes });
      try {
        const outcome = await this.#send(input, { lane, index });
        this.tally.add(`${input.kind} ${outcome}`);
      } catch (error) {
        return { target: input.kind, index, problem: (error as Error).message, bytes: input.bytes };
      }
    }
    return undefined;
  }

  /** Sends one input and says how it was answered. Throws when it was answered in no way that is foreseen. */
  #send(input: Input & { random: Random }, where: { lane: number; index: number }): Promise<string> {
    switch (input.kind) {
      case 'message':
        return this.#message(input, where);
      case 'frame':
        return this.#frame(input.bytes, where.lane);
      case 'hello':
        return this.#hello(input, where.lane);
      case 'enrolment':
        return this.#enrolment(input.bytes);
    }
  }

  /** A message in a sound frame is answered, or ends the session. */
  async #message({ bytes, isBinary }: Input, { lane, index }: { lane: number; index: number }): Promise<string> {
    const session = this.#sessions.get(lane) ?? (await this.#open(lane));
    this.#sessions.set(lane, session);
    session.received.length = 0;
    session.socket.send(bytes, { binary: isBinary });
    session.send({ type: 'ping', sent: index });
    const answered = session.answer((message) => message.type === 'ping' && message.sent === index, answerMs);
    const outcome = await Promise.race([answered.then(() => 'open'), this.#closeOf(session)]);
    if (outcome !== 'open') this.#sessions.delete(lane);
    return outcome;
  }

  async #frame(bytes: Buffer, lane: number): Promise<string> {
    this.#sessions.get(lane)?.close();
    this.#sessions.delete(lane);
    const session = await this.#open(lane);
    session.raw(bytes);
    session.raw(frame('', { opcode: opcodes.ping }));
    return this.#firstOf(session, new Promise((resolve) => session.socket.once('pong', () => resolve('open'))));
  }

  async #hello({ random, bytes }: Input & { random: Random }, lane: number): Promise<string> {
    this.#sessions.get(lane)?.close();
    this.#sessions.delete(lane);
    const session = await this.#connect(`${lane}`);
    const hello = Buffer.from(JSON.stringify(await session.hello()));
    session.socket.send(mutateJson(hello, { random, other: bytes }), { binary: random.chance(0.1) });
    return this.#firstOf(
      session,
      session.next('welcome', answerMs).then(() => 'open'),
    );
  }

  async #enrolment(bytes: Buffer): Promise<string> {
    const line = await tlsLine({ port: this.#collector.agentsPort });
    line.socket.write(bytes);
    const answer = await Promise.race([
      line.answered('\r\n\r\n'),
      line.closed.then(({ answer: text }) => text.toString('latin1')),
      wait(quietMs, ''),
    ]).catch(() => '');
    line.reset();
    const status = Number(answer.slice(9, 12));
    if (status >= 500 && status !== 501 && status !== 503) throw new Error(`answered with status ${status}`);
    return answer === '' ? 'unanswered' : `${status}`;
  }

  /** What happens first, if anything does; then the session is over. */
  async #firstOf(session: RawAgent, event: Promise<string>): Promise<string> {
    event.catch(() => undefined);
    try {
      return await Promise.race([event, this.#closeOf(session), wait(quietMs, 'waits for more')]);
    } finally {
      session.close();
    }
  }

  async #closeOf(session: RawAgent): Promise<string> {
    const { code, reason } = await session.closed;
    // A spoilt close frame is answered with its own code and reason.
    if (wrongCloses.includes(`${code} ${reason}`.trim())) throw new Error(`closed with ${code} ${reason}`);
    return `closed ${code}`;
  }

  async #open(lane: number): Promise<RawAgent> {
    const session = await this.#connect(`${lane}`);
    await session.open();
    return session;
  }

  #connect(name: string): Promise<RawAgent> {
    return RawAgent.connect(join(this.#folder, name), this.#collector.agentsPort);
  }

  /** What is wrong with the collector, if anything is. */
  async #illness(): Promise<Failure | undefined> {
    const { program } = this.#collector;
    if (!program.running) return this.#failureOfRecent(`the collector has ended: ${program.output.slice(-2_000)}`);
    const trace = /cannot handle a message.*|\n\s+at .*/.exec(program.output)?.[0];
    if (trace !== undefined) return this.#failureOfRecent(`the collector says: ${trace.trim()}`);
    const { live } = await readVitals(program, this.#vitalsFile);
    // The first of everything costs memory that stays.
    this.#liveBefore ||= live;
    const grown = live - this.#liveBefore;
    if (grown > growthBytes) return this.#failureOfRecent(`the collector holds ${grown} bytes more than at first`);
    return undefined;
  }

  #failureOfRecent(problem: string): Failure {
    const first = this.#recent[0]?.index ?? 0;
    const bytes = Buffer.concat(this.#recent.map((one) => one.bytes));
    return { target: 'collector', index: first, problem: `${problem} (after ${this.#recent.length} inputs)`, bytes };
  }
}

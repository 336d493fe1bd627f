/** One enrolment recorded on the wire, read as an eavesdropper would, and then with the keys of the connection. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnrolmentCode, tokenKeyInput, tokenLookupInput } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentProgram, CollectorProcess, Program, temporaryFolder, until } from '../harness/program.ts';
import { RecordingRelay } from '../harness/recording-relay.ts';
import { StubCollector } from '../harness/stub-collector.ts';
import { clearRecords, contentOf, openRecords, type TlsRecord } from '../harness/tls-records.ts';

/** Longer than the agent needs for anything, so that what it says too early is seen. */
const holdMs = 700;
const clientHello = 1;

const folder = temporaryFolder();
const collector = new CollectorProcess(join(folder.path, 'collector'));
let token: string;
let shortCode: string;

interface Capture {
  readonly relay: RecordingRelay;
  readonly exitCode: unknown;
  readonly output: string;
  readonly client: TlsRecord[];
  readonly server: TlsRecord[];
}

/** Enrols through a tap in front of the port. */
async function capture(name: string, port: number): Promise<Capture> {
  const relay = new RecordingRelay({ port, holdMs });
  await relay.start();
  const keyLog = join(folder.path, `${name}.keys`);
  const args = ['enrol', shortCode, '--address', relay.address, '--data', join(folder.path, name)];
  const agent = new Program([agentProgram, ...args], {
    NODE_OPTIONS: `--tls-keylog=${keyLog}`,
    VONGGAC_AGENT_LANG: 'en',
  });
  agent.start();
  await until('the end of the enrolment', () => !agent.running);
  const exitCode = await agent.stop();
  await relay.stop();
  const said = { client: relay.bytesFrom('agent'), server: relay.bytesFrom('collector') };
  return { relay, exitCode, output: agent.output, ...openRecords(said, readFileSync(keyLog, 'utf8')) };
}

function digest(input: Uint8Array): Buffer {
  return createHash('sha256').update(input).digest();
}

/** All forms in which a secret might be written. */
function formsOf(secret: Buffer | string): Buffer[] {
  const bytes = Buffer.from(secret);
  const texts = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
  return [bytes, ...texts.map((text) => Buffer.from(text.replace(/=+$/, '')))];
}

function holds(bytes: Buffer, secret: Buffer | string): boolean {
  return formsOf(secret).some((form) => bytes.includes(form));
}

function expectOnlyClientHello(bytes: Buffer): void {
  const records = clearRecords(bytes);
  expect(records.map(({ type }) => type)).toEqual(['handshake']);
  expect(records[0]?.content[0]).toBe(clientHello);
}

beforeAll(async () => {
  await collector.start();
  collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  const made = collector.command('codes', 'create', '--unit', 'DV', '--class', 'pc') as { short_code: string };
  shortCode = made.short_code;
  token = parseEnrolmentCode(shortCode).token;
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  folder.remove();
});

describe('an enrolment at a collector of another authority', () => {
  const stranger = new StubCollector();
  let seen: Capture;

  beforeAll(async () => {
    await stranger.start(join(folder.path, 'stranger'));
    seen = await capture('misled', Number(stranger.address.split(':')[1]));
  });
  afterAll(() => stranger.stop());

  test('ends with a sentence that says so', () => {
    expect(seen.exitCode).toBe(1);
    expect(seen.output).toContain('nothing was sent to it');
  });

  test('is a handshake and nothing else: no application data leaves the machine', () => {
    expectOnlyClientHello(seen.relay.beforeAnswer);
    // At most the rest of a handshake (ClientHello, the change of ciphers that middleboxes want to see, Finished) and a
    // word of goodbye; as it is, the agent hangs up without.
    expect('handshake change_cipher_spec handshake alert').toMatch(
      new RegExp(`^${seen.client.map(({ type }) => type).join(' ')}`),
    );
    expect(contentOf(seen.client, 'application_data')).toHaveLength(0);
  });
});

describe('an enrolment', () => {
  let seen: Capture;

  beforeAll(async () => {
    seen = await capture('enrolled', collector.agentsPort);
  });

  test('succeeds over one connection', () => {
    expect(seen.output).toContain('DV');
    expect(seen.exitCode).toBe(0);
    expect(seen.relay.connections).toBe(1);
  });

  test('says nothing but ClientHello before the collector has shown who it is', () => {
    expectOnlyClientHello(seen.relay.beforeAnswer);
    const times = (from: 'agent' | 'collector') => seen.relay.passed.filter((one) => one.from === from);
    const [, second] = times('agent');
    // Everything else of the agent came after the held answer.
    expect(second?.at).toBeGreaterThanOrEqual((times('collector')[0]?.at ?? 0) + holdMs - 50);
  });

  test('shows an eavesdropper neither token nor lookup nor key, nor the names in it', () => {
    const clear = Buffer.concat([seen.relay.bytesFrom('agent'), seen.relay.bytesFrom('collector')]);
    for (const secret of [token, shortCode, digest(tokenLookupInput(token)), digest(tokenKeyInput(token))]) {
      expect(holds(clear, secret)).toBe(false);
    }
    for (const word of ['lookup', 'proof', 'hostname', 'POST', '"DV"']) expect(clear.includes(word)).toBe(false);
    const encrypted = clearRecords(seen.relay.bytesFrom('agent')).slice(2);
    expect(encrypted.every((record) => record.encrypted)).toBe(true);
  });

  test('proves the token inside TLS too without sending it: lookup and proof, no token, no key', () => {
    const sent = contentOf(seen.client, 'application_data');
    expect(sent.toString()).toMatch(/^GET \/enrol\/v1 HTTP\/1\.1\r\n/);
    expect(sent.includes(digest(tokenLookupInput(token)).toString('base64url'))).toBe(true);
    expect(sent.toString()).toMatch(/"proof":"[\w-]{43}"/);
    const key = readFileSync(join(folder.path, 'enrolled', 'agent-key.pem'), 'utf8').split('\n')[1] ?? '';
    for (const secret of [token, digest(tokenKeyInput(token)), Buffer.from(key, 'base64').subarray(-32)]) {
      expect(holds(sent, secret)).toBe(false);
      expect(holds(contentOf(seen.server, 'application_data'), secret)).toBe(false);
    }
  });
});

/** Enrols this machine with a code: proves the token to the pinned collector and registers a fresh key. */
import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { TLSSocket } from 'node:tls';
import {
  type EnrolmentCode,
  EnrolmentGrant,
  EnrolmentNonce,
  type EnrolmentRequest,
  enrolPath,
  enrolTranscript,
  exporterLabel,
  exporterLength,
  limits,
  tokenKeyInput,
  tokenLookupInput,
} from '@vonggac/shared';
import { type Identity, makeKey, publicKeyText } from '../identity.ts';
import { connectToCollector } from '../uplink/connect.ts';

/** The collector refused; the message is its own or says what was wrong with its answer. */
export class EnrolmentRefused extends Error {
  override name = 'EnrolmentRefused';
}

export interface MachineDescription {
  readonly hostname: string;
  readonly platform: string;
  readonly version: string;
}

const answerTimeoutMs = 15_000;

/** Tries the code's addresses in turn. Throws EnrolmentRefused, WrongCollector or the last error of the network. */
export async function enrol(code: EnrolmentCode, machine: MachineDescription): Promise<Identity> {
  let last: unknown = new EnrolmentRefused('the code has no address: give one with --address HOST:PORT');
  for (const address of code.addresses) {
    try {
      return await enrolAt(address, { code, machine });
    } catch (error) {
      if (error instanceof EnrolmentRefused) throw error;
      last = error;
    }
  }
  throw last;
}

async function enrolAt(address: string, what: { code: EnrolmentCode; machine: MachineDescription }): Promise<Identity> {
  const { tls, pin } = await connectToCollector(address, [what.code.pin]);
  try {
    const { nonce } = EnrolmentNonce.parse(await exchange(tls, 'GET'));
    const privateKey = makeKey();
    const publicKey = publicKeyText(privateKey);
    const exporter = tls.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0)).toString('base64url');
    const key = createHash('sha256').update(tokenKeyInput(what.code.token)).digest();
    const body: EnrolmentRequest = {
      lookup: createHash('sha256').update(tokenLookupInput(what.code.token)).digest('base64url'),
      proof: createHmac('sha256', key).update(enrolTranscript({ nonce, exporter, publicKey })).digest('base64url'),
      publicKey,
      ...what.machine,
    };
    const grant = EnrolmentGrant.parse(await exchange(tls, 'POST', body));
    return { ...grant, addresses: [...what.code.addresses], pins: [pin], privateKey };
  } finally {
    tls.destroy();
  }
}

/** One HTTP request on the proven connection; both must share it, because nonce and proof are bound to it. */
function exchange(tls: TLSSocket, method: 'GET' | 'POST', body?: EnrolmentRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    const sent = request(
      {
        createConnection: () => tls,
        method,
        path: enrolPath,
        headers: {
          host: 'collector',
          connection: 'keep-alive',
          ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
        timeout: answerTimeoutMs,
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          answer += chunk;
          if (answer.length > limits.frameBeforeHello) sent.destroy(new EnrolmentRefused('the answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) return resolve(parseJson(answer));
          reject(new EnrolmentRefused(detailOf(answer) ?? `the collector answered with status ${response.statusCode}`));
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${answerTimeoutMs / 1000} s`)));
    sent.on('error', reject);
    sent.end(text);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function detailOf(text: string): string | undefined {
  const value = parseJson(text);
  const detail = typeof value === 'object' && value !== null && 'detail' in value ? value.detail : undefined;
  return typeof detail === 'string' ? detail : undefined;
}

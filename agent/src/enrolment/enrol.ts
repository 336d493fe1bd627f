/** Enrols this machine with a code: proves the token and its key to the pinned collector. */
import { createHash, createHmac, type KeyObject, sign } from 'node:crypto';
import { request } from 'node:http';
import type { TLSSocket } from 'node:tls';
import {
  type EnrolmentCode,
  EnrolmentGrant,
  EnrolmentNonce,
  EnrolmentPending,
  EnrolmentRefusal,
  type EnrolmentRequest,
  enrolKeyTranscript,
  enrolPath,
  enrolTranscript,
  exporterLabel,
  exporterLength,
  limits,
  tokenKeyInput,
  tokenLookupInput,
} from '@vonggac/shared';
import { type Identity, publicKeyText } from '../identity.ts';
import { connectToCollector } from '../uplink/connect.ts';
import type { MachineDescription } from './describe-machine.ts';

/**
 * The collector refused. `declined` and `lapsed` are told only to whoever has proven the code: a person said no, or
 * nobody decided in time.
 */
export class EnrolmentRefused extends Error {
  override name = 'EnrolmentRefused';
  readonly reason: 'refused' | 'declined' | 'lapsed';

  constructor(message: string, reason: EnrolmentRefused['reason'] = 'refused') {
    super(message);
    this.reason = reason;
  }
}

export type EnrolmentAnswer =
  | { readonly kind: 'granted'; readonly identity: Identity }
  /** A person has to accept the machine, known to them by `id`; ask again after `retryMs`. */
  | { readonly kind: 'pending'; readonly id: string; readonly retryMs: number }
  /** Nothing was decided; ask again after `retryMs`. */
  | { readonly kind: 'busy'; readonly retryMs: number };

export interface Applicant {
  readonly machine: MachineDescription;
  readonly privateKey: KeyObject;
  /** A relay to go by, `host:port`. */
  readonly via?: string | undefined;
}

const answerTimeoutMs = 15_000;
const defaultRetrySeconds = 30;
const longestRetrySeconds = 600;

/** Tries the relay, if one is named, and the code's addresses in turn. Throws EnrolmentRefused, WrongCollector or the last error of the network. */
export async function enrol(code: EnrolmentCode, applicant: Applicant): Promise<EnrolmentAnswer> {
  let last: unknown = new EnrolmentRefused('the code has no address: give one with --address HOST:PORT');
  const { via } = applicant;
  for (const address of [...(via === undefined ? [] : [via]), ...code.addresses]) {
    try {
      return await enrolAt(address, { code, ...applicant });
    } catch (error) {
      if (error instanceof EnrolmentRefused) throw error;
      last = error;
    }
  }
  throw last;
}

async function enrolAt(address: string, what: Applicant & { code: EnrolmentCode }): Promise<EnrolmentAnswer> {
  const { code, machine, privateKey, via } = what;
  const { tls, pin } = await connectToCollector(address, { pins: [code.pin] });
  try {
    const asked = await exchange(tls, 'GET');
    if (asked.status !== 200) return putOff(asked);
    const { nonce } = EnrolmentNonce.parse(asked.body);
    const publicKey = publicKeyText(privateKey);
    const exporter = tls.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0)).toString('base64url');
    const bound = { nonce, exporter, publicKey };
    const key = createHash('sha256').update(tokenKeyInput(code.token)).digest();
    const answer = await exchange(tls, 'POST', {
      lookup: createHash('sha256').update(tokenLookupInput(code.token)).digest('base64url'),
      proof: createHmac('sha256', key).update(enrolTranscript(bound)).digest('base64url'),
      publicKey,
      ...machine,
      signature: sign(null, enrolKeyTranscript(bound), privateKey).toString('base64url'),
    });
    if (answer.status === 200) {
      const grant = EnrolmentGrant.parse(answer.body);
      const found = { addresses: [...code.addresses], pins: [pin], ...(via !== undefined && { via }) };
      return { kind: 'granted', identity: { ...grant, ...found, privateKey } };
    }
    if (answer.status !== 202) return putOff(answer);
    const { pending, retry } = EnrolmentPending.parse(answer.body);
    return { kind: 'pending', id: pending, retryMs: retry };
  } finally {
    tls.destroy();
  }
}

interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: number | undefined;
}

/** What is neither a yes nor a wait for a person. Throws EnrolmentRefused when asking again is of no use. */
function putOff({ status, body, retryAfter }: HttpAnswer): EnrolmentAnswer {
  if (status === 429 || status >= 500) {
    const seconds = Math.min(longestRetrySeconds, Math.max(1, retryAfter ?? defaultRetrySeconds));
    return { kind: 'busy', retryMs: 1_000 * seconds };
  }
  const refusal = EnrolmentRefusal.safeParse(body);
  if (!refusal.success) throw new EnrolmentRefused(`the collector answered with status ${status}`);
  const { error, detail } = refusal.data;
  throw new EnrolmentRefused(detail, error === 'declined' || error === 'lapsed' ? error : 'refused');
}

/** One HTTP request on the proven connection; both must share it, because nonce and proof are bound to it. */
function exchange(tls: TLSSocket, method: 'GET' | 'POST', body?: EnrolmentRequest): Promise<HttpAnswer> {
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
          const retryAfter = /^\d{1,6}$/.exec(response.headers['retry-after'] ?? '')?.[0];
          resolve({
            status: response.statusCode ?? 0,
            body: parseJson(answer),
            retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
          });
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

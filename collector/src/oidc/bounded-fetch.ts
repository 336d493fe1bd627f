/** How the collector asks a provider: not in the clear, not for ever, not for more than it could mean. */
import { isSafeUrl } from './settings.ts';

const timeoutMs = 5_000;
/** Discovery documents and key sets are a few kilobytes. */
const maxBytes = 256 * 1024;

/** The provider does not answer, or not with anything of use. */
export class ProviderUnreachable extends Error {
  override name = 'ProviderUnreachable';
}

type Request = Pick<RequestInit, 'method' | 'headers' | 'body'>;

/** Throws ProviderUnreachable. */
export async function boundedFetch(url: string, { method, headers, body }: Request = {}): Promise<Response> {
  if (!isSafeUrl(url)) throw new ProviderUnreachable(`the provider names the address ${url}, which is not encrypted`);
  try {
    // A redirect could lead anywhere, with the secrets of the request.
    const init: RequestInit = { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) };
    if (method !== undefined) init.method = method;
    if (headers !== undefined) init.headers = headers;
    if (body !== undefined) init.body = body;
    const answer = await fetch(url, init);
    if (answer.status >= 500) throw new Error(`it answered ${answer.status}`);
    const bytes = await readBounded(answer);
    return new Response(bytes.length === 0 ? null : bytes, { status: answer.status, headers: answer.headers });
  } catch (cause) {
    throw new ProviderUnreachable(`cannot ask ${new URL(url).origin}: ${reasonOf(cause)}`, { cause });
  }
}

async function readBounded(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`its answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** What is wrong stands in the cause: `fetch failed` alone helps nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message} (${cause.message || (cause as NodeJS.ErrnoException).code})`
    : error.message;
}

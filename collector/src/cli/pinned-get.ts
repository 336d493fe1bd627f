/** GETs from the collector on this machine, whose certificate need not be for the name that it is reached by here. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:tls';

interface PinnedRequest {
  /** SHA-256 of the certificate, from the data folder. */
  readonly fingerprint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The certificate is compared before a byte of the request, and with it the token, is sent. */
export async function getPinned(url: URL, { fingerprint, headers, signal }: PinnedRequest): Promise<Response> {
  const socket = connect({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 443),
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  });
  try {
    await once(socket, 'secureConnect', { signal });
    const found = socket.getPeerX509Certificate()?.fingerprint256;
    if (found !== fingerprint) throw new Error(`another certificate answers there: ${found ?? 'none'}`);
    const outgoing = request(url, { protocol: 'http:', createConnection: () => socket, headers, signal }).end();
    const [answer] = await once(outgoing, 'response', { signal });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    return new Response(Buffer.concat(chunks), { status: answer.statusCode, statusText: answer.statusMessage });
  } finally {
    socket.destroy();
  }
}

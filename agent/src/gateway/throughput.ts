/** How fast a line is: one download that ends at a number of bytes or seconds. What comes is thrown away. */
import { parseTarget, type ThroughputSample } from '@vonggac/shared';
import type { Outside } from '../probes/connectivity/check-run.ts';
import { requestPage } from '../probes/connectivity/http.ts';

/** In all; a slow line is told as well by what it carries in this time. */
const limitMs = 30_000;
/** Less than this says more of the answer time than of the line. */
const leastBytes = 65_536;

interface Tools {
  readonly outside: Outside;
  readonly signal: AbortSignal;
  readonly request?: (
    ...args: Parameters<typeof requestPage>
  ) => Promise<AsyncIterable<Buffer> & { readonly statusCode?: number | undefined }>;
}

/** Bytes a second from the head of the answer on. Throws when the page cannot be loaded or is too small to tell. */
export async function sampleThroughput(
  sample: ThroughputSample,
  { outside, signal, request = requestPage }: Tools,
): Promise<number> {
  const controller = new AbortController();
  const end = () =>
    controller.abort(new Error(`the line carried nothing of ${sample.url} within ${limitMs / 1_000} s`));
  const timer = setTimeout(end, limitMs);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let bytes = 0;
  try {
    const target = { id: 'throughput', scope: 'internet', every: 60, anyAddress: false } as const;
    const restartLimit = () => undefined;
    const run = { ...outside, restartLimit, signal: controller.signal, details: {}, rtts: [], packets: undefined };
    const page = await request({ ...target, address: parseTarget(sample.url) }, run);
    const status = page.statusCode ?? 0;
    if (status !== 200) throw new Error(`${sample.url} answered with status ${status}`);
    const startedAt = outside.monotonic();
    try {
      for await (const chunk of page) {
        bytes += chunk.length;
        if (bytes >= sample.max_bytes) break;
      }
    } catch (error) {
      // What came until the time was up is a measurement too.
      if (!controller.signal.aborted || signal.aborted || bytes < leastBytes) throw error;
    }
    if (bytes < leastBytes) throw new Error(`${sample.url} has only ${bytes} bytes, at least ${leastBytes} are needed`);
    return bytes / Math.max(0.001, (outside.monotonic() - startedAt) / 1_000);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    controller.abort();
  }
}

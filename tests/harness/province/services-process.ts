/** Runs the servers of one namespace, told what to do by the process that started it. */
import { type DnsMode, DnsServer, type DnsTable } from './dns-server.ts';
import { NtpServer } from './ntp-server.ts';
import { type WebListener, type WebMode, WebServer } from './web-server.ts';

export interface ServicesPlan {
  readonly dns: readonly { readonly address: string; readonly port: number; readonly mode?: DnsMode }[];
  readonly names: DnsTable;
  readonly web: readonly WebListener[];
  /** Addresses of the time server. */
  readonly ntp: readonly string[];
}

export type ServiceOrder =
  | { readonly order: 'serve'; readonly plan: ServicesPlan }
  | { readonly order: 'dns'; readonly mode: DnsMode }
  | { readonly order: 'web'; readonly mode: WebMode }
  | { readonly order: 'clock'; readonly offsetMs: number }
  | { readonly order: 'fetch'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

export interface Fetched {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const web = new WebServer();
const ntp = new NtpServer();
const dns: DnsServer[] = [];

async function obey(order: ServiceOrder): Promise<Fetched | undefined> {
  if (order.order === 'serve') await serve(order.plan);
  else if (order.order === 'dns') for (const server of dns) server.mode = order.mode;
  else if (order.order === 'web') web.mode = order.mode;
  else if (order.order === 'clock') ntp.offsetMs = order.offsetMs;
  else return fetchText(order);
  return undefined;
}

async function serve(plan: ServicesPlan): Promise<void> {
  for (const { address, port, mode } of plan.dns) {
    const server = new DnsServer(plan.names);
    await server.listen(address, port);
    // One that has its own mode keeps it.
    if (mode === undefined) dns.push(server);
    else server.mode = mode;
  }
  for (const listener of plan.web) await web.listen(listener);
  for (const address of plan.ntp) await ntp.listen(address);
}

async function fetchText(what: { url: string; headers: Readonly<Record<string, string>> }): Promise<Fetched> {
  const response = await fetch(what.url, { headers: what.headers });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

process.on('message', ({ id, order }: { id: number; order: ServiceOrder }) => {
  obey(order).then(
    (done) => process.send?.({ id, done }),
    (error: Error) => process.send?.({ id, problem: error.message }),
  );
});
// The test ended, however it did.
process.on('disconnect', () => process.exit(0));

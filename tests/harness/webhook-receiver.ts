/** A program that is told of incidents: keeps what was posted, and answers as the test wants. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: {
    readonly id: string;
    readonly event: string;
    readonly subject: string;
    readonly text: string;
    readonly total: number;
    readonly incidents: readonly { readonly id: number; readonly event: string; readonly count: number }[];
  };
}

export class WebhookReceiver {
  readonly posts: Posted[] = [];
  status = 204;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hooks/bi-mat-cua-dich`;
  }

  /** Listens where it did before. */
  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const raw = await text(request);
      if (this.status < 300) this.posts.push({ headers: request.headers, raw, body: JSON.parse(raw) });
      response.writeHead(this.status).end();
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

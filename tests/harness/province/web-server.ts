/** The province's portal for tests, over HTTP and HTTPS, with the pages that a check has to survive. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';

export type WebMode = 'right' | 'broken' | 'silent';

/** On the front page; a check may look for it. */
export const keyword = 'Cổng dịch vụ công';
/** More than one packet, so that it does not come through where large packets are lost. */
const frontPage = `<html lang="vi"><title>${keyword}</title><!--${' '.repeat(6_000)}--></html>`;

export interface WebListener {
  readonly address: string;
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** As a captive portal does it: every other host's pages lead to this one's, which wants money. */
  readonly captive?: string;
}

export class WebServer {
  mode: WebMode = 'right';

  async listen(listener: WebListener): Promise<void> {
    const { captive } = listener;
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      if (captive === undefined) this.#answer(response, request.url ?? '/');
      else if (request.headers.host === captive) response.writeHead(200).end('Đăng nhập để dùng Internet');
      else response.writeHead(302, { location: `http://${captive}/` }).end();
    };
    const server: Server = listener.tls ? createTlsServer(listener.tls, answer) : createServer(answer);
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(listener.port, listener.address, resolve),
    );
  }

  #answer(response: ServerResponse, page: string): void {
    if (this.mode === 'silent') return;
    if (this.mode === 'broken') response.writeHead(503).end('Dịch vụ tạm ngừng');
    else if (page === '/') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(frontPage);
    else if (page === '/small') response.writeHead(200).end('ok');
    else if (page === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (page === '/endless') pour(response);
    else response.writeHead(404).end();
  }
}

/** A body without an end, for as long as somebody reads. */
function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 'x');
  const more = () => {
    while (response.write(chunk));
  };
  response.on('drain', more);
  response.writeHead(200);
  more();
}

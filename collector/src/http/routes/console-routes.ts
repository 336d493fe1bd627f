import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { App } from './app.ts';

/** Paths that the console's own router knows; each is answered with the same page. */
const pages = [
  ...['/', '/sign-in', '/account'],
  ...['/machines/:id', '/incidents', '/outages'],
  ...['/maintenance', '/availability'],
  ...['/rules', '/runbook/:rule'],
  ...['/links', '/links/:unit/:link', '/services'],
  ...['/protection', '/protection/machines', '/malware'],
  ...['/units', '/units/import', '/units/:code', '/codes'],
  ...['/people', '/tokens', '/audit', '/collector'],
];

const plainName = /^\w[\w.-]*$/;

/** The console: one page, and files whose names change with their content. Needs @fastify/static. */
export function addConsoleRoutes(app: App, options: { readonly consoleFolder: string }): void {
  const { consoleFolder } = options;

  for (const page of pages) {
    app.get(page, { config: { permission: 'anyone' } }, async (_, reply) => {
      if (!existsSync(join(consoleFolder, 'index.html'))) {
        throw new Problem(503, 'the console has not been built: run "npm run build:console"');
      }
      reply.header('cache-control', 'no-cache');
      return reply.sendFile('index.html', consoleFolder, { cacheControl: false });
    });
  }

  app.get('/assets/:file', { config: { permission: 'anyone' } }, async (request, reply) => {
    const { file } = request.params as { file: string };
    // Anything but a plain name is answered like a file that is not there, whatever is at the other end of it.
    if (!plainName.test(file) || !existsSync(join(consoleFolder, 'assets', file))) return reply.callNotFound();
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.sendFile(`assets/${file}`, consoleFolder, { cacheControl: false });
  });
}

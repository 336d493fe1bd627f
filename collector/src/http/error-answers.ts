/** Turns whatever goes wrong, in a route or in the framework, into problem details. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemDetails, problemContentType, problemDetails } from './problem.ts';
import { securityHeaders, setSecurityHeaders } from './security-headers.ts';

function sendProblem(reply: FastifyReply, details: ProblemDetails): FastifyReply {
  // Already text: an answer's serializer must not look for a schema of its own.
  return reply.code(details.status).type(problemContentType).send(JSON.stringify(details));
}

function answerError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendProblem(reply, error.details);
  const status = error.statusCode ?? 500;
  // The framework's own refusals (too large, wrong media type, not JSON) say nothing but what was sent.
  if (status >= 400 && status < 500) return sendProblem(reply, problemDetails(status, error.message));
  request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
  const detail = 'the collector failed to answer; its log says why';
  return sendProblem(reply, problemDetails(500, detail, { requestId: request.id }));
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, problemDetails(404, `there is nothing at ${request.url.split('?', 1)[0]}`));
}

/** Errors before there is a request: an address that cannot be decoded, for instance. */
export function answerFrameworkError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  setSecurityHeaders(reply);
  return answerError(error, request, reply);
}

const clientErrorStatus: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is not even HTTP, or HTTP with too large a header, and hangs up. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = clientErrorStatus[error.code ?? ''] ?? 400;
  const body = JSON.stringify(problemDetails(status, 'the request is not HTTP that this server takes'));
  const headers = { ...securityHeaders, 'content-type': problemContentType, 'content-length': body.length };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n${lines.join('')}\r\n${body}`);
}

/** Sets the handlers for errors and for paths that do not exist. */
export function addErrorAnswers(app: FastifyInstance): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
}

/** Answers 405 to the methods that the routes added from now on do not have; the returned function adds the answers. */
export function watchMethods(app: FastifyInstance): () => void {
  const methodsByUrl = new Map<string, Set<string>>();
  app.addHook('onRoute', (route) => {
    const methods = methodsByUrl.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) methods.add(method);
    methodsByUrl.set(route.url, methods);
  });
  return () => {
    for (const [url, methods] of [...methodsByUrl]) {
      const allowed = [...methods].sort().join(', ');
      app.route({
        url,
        method: app.supportedMethods.filter((method) => !methods.has(method)),
        config: { permission: 'anyone' },
        // As a hook it comes before the body is read, whose media type is then of no interest.
        onRequest: async (request, reply) => {
          reply.header('allow', allowed);
          throw new Problem(405, `${request.method} is not possible here; possible are ${allowed}`);
        },
        handler: () => undefined,
      });
    }
  };
}

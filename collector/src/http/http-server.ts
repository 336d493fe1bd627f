/** The HTTP side of the collector: API, live stream, console, and what watches the collector itself. */
import type { Server as HttpsServer, ServerOptions } from 'node:https';
import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import { type FastifyBaseLogger, type FastifyHttpOptions, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Availability } from '../availability/availability.ts';
import type { Calendars } from '../calendar/calendars.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Notify } from '../notify/notify.ts';
import type { Agents } from '../registry/agents.ts';
import type { AuditLog } from '../registry/audit-log.ts';
import type { BrowserSessions } from '../registry/browser-sessions.ts';
import type { CodeUses } from '../registry/code-uses.ts';
import type { EnrolmentCodes } from '../registry/enrolment-codes.ts';
import type { PendingEnrolments } from '../registry/pending-enrolments.ts';
import type { People } from '../registry/people.ts';
import type { SignInLinks } from '../registry/sign-in-links.ts';
import type { Tokens } from '../registry/tokens.ts';
import type { Units } from '../registry/units.ts';
import type { Evaluator } from '../rules/evaluator.ts';
import type { Store } from '../stores/store.ts';
import { type AccessOptions, guard } from './access.ts';
import { addErrorAnswers, answerClientError, answerFrameworkError, watchMethods } from './error-answers.ts';
import { createHttpMetrics, measureRequests } from './http-metrics.ts';
import { LiveFeed, tickMs } from './live-feed.ts';
import { addOpenApi } from './openapi.ts';
import { PasswordSignIn } from './password-sign-in.ts';
import { addAgentRoutes } from './routes/agent-routes.ts';
import type { App } from './routes/app.ts';
import { addAuditRoutes } from './routes/audit-routes.ts';
import { addAvailabilityRoutes } from './routes/availability-routes.ts';
import { addCatalogueRoutes } from './routes/catalogue-routes.ts';
import { addCodeRoutes, type CodeRouteOptions } from './routes/code-routes.ts';
import { addConsoleRoutes } from './routes/console-routes.ts';
import { addDeviceRoutes } from './routes/device-routes.ts';
import { addEnrolmentRoutes, type EnrolmentRouteOptions } from './routes/enrolment-routes.ts';
import { addGrafanaRoutes, type GrafanaRouteOptions } from './routes/grafana-routes.ts';
import { addIncidentRoutes } from './routes/incident-routes.ts';
import { addLinkRoutes } from './routes/link-routes.ts';
import { addMaintenanceRoutes } from './routes/maintenance-routes.ts';
import { addMalwareRoutes } from './routes/malware-routes.ts';
import { addNotificationRoutes } from './routes/notification-routes.ts';
import { addOidcRoutes, type OidcOptions } from './routes/oidc-routes.ts';
import { addOutageRoutes } from './routes/outage-routes.ts';
import { addOwnAccountRoutes } from './routes/own-account-routes.ts';
import { addPeopleRoutes } from './routes/people-routes.ts';
import { addProtectionRoutes } from './routes/protection-routes.ts';
import { addRuleRoutes } from './routes/rule-routes.ts';
import { addSeriesRoutes } from './routes/series-routes.ts';
import { addServiceRoutes, type ServiceRouteOptions } from './routes/service-routes.ts';
import { addSessionRoutes } from './routes/session-routes.ts';
import { addStreamRoutes } from './routes/stream-routes.ts';
import { addTokenRoutes } from './routes/token-routes.ts';
import { addUnitChangeRoutes } from './routes/unit-change-routes.ts';
import { addUnitMachineRoutes } from './routes/unit-machine-routes.ts';
import { addUnitRoutes } from './routes/unit-routes.ts';
import { isLoopbackHost } from './same-site.ts';
import { type ConnectivityParts, createScopes, type OutageParts, type ProtectionParts } from './scope.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { SessionCookie } from './session-cookie.ts';
import { SignInAudit } from './sign-in-audit.ts';
import { serializerCompiler, validatorCompiler } from './zod-validation.ts';

const maxBodyBytes = 64 * 1024;
const maxHeaderBytes = 16 * 1024;
const requestTimeoutMs = 30_000;
/** Whoever holds connections open must not take the files that agents' connections need. */
const maxConnections = 2_000;
/** A year, as browsers' lists ask for. */
const stayEncrypted = 'max-age=31536000';
const tlsLimits = { minVersion: 'TLSv1.2', handshakeTimeout: 10_000 } as const;
/** At a close, what is being answered has this long. */
const closeGraceMs = 1_000;

export interface HttpServerOptions extends ServiceRouteOptions {
  readonly units: Units;
  readonly agents: Agents;
  readonly codes: EnrolmentCodes;
  readonly codeUses: CodeUses;
  readonly codeOrigin: CodeRouteOptions['codeOrigin'];
  readonly pending: PendingEnrolments;
  readonly disconnect: EnrolmentRouteOptions['disconnect'];
  readonly incidents: Incidents;
  readonly notify: Pick<Notify, 'list' | 'channels'>;
  readonly connectivity: ConnectivityParts;
  readonly protection: ProtectionParts;
  readonly outages: OutageParts;
  readonly calendars: Calendars;
  readonly availability: Pick<Availability, 'report'>;
  readonly rules: Pick<Evaluator, 'of'>;
  readonly grafana: GrafanaRouteOptions['grafana'];
  readonly live: LiveState;
  readonly store: Store;
  readonly tokens: Tokens;
  readonly browserSessions: BrowserSessions;
  readonly signInLinks: SignInLinks;
  readonly people: People;
  readonly audit: AuditLog;
  readonly logger: FastifyBaseLogger;
  /** Where `npm run build:console` put its files. */
  readonly consoleFolder: string;
  readonly version: string;
  readonly now: () => number;
  /** Key and certificate; absent for plain HTTP, which belongs on the loopback only. */
  readonly tls?: Pick<ServerOptions, 'cert' | 'key'> | undefined;
  /**
   * Names and addresses by which the console may be reached besides the loopback's. `any` only behind TLS: there the
   * certificate keeps foreign names out.
   */
  readonly hosts?: readonly string[] | 'any';
  readonly oidc?: OidcOptions | undefined;
}

function createFastify(options: HttpServerOptions): FastifyInstance {
  const common = {
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    // Its answer would not be problem details; closing takes a moment only, because preClose ends the streams.
    return503OnClosing: false,
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  } satisfies FastifyHttpOptions<never>;
  if (!options.tls) return fastify({ ...common, http: { maxHeaderSize: maxHeaderBytes } });
  const { cert, key } = options.tls;
  const https = { cert, key, ...tlsLimits, maxHeaderSize: maxHeaderBytes };
  // To the routes, a server with TLS is no other than one without.
  return fastify({ ...common, https }) as unknown as FastifyInstance;
}

/** Connections from now on get another certificate; those that are open go on. */
export function renewCertificate(app: FastifyInstance, { cert, key }: NonNullable<HttpServerOptions['tls']>): void {
  (app.server as unknown as HttpsServer).setSecureContext({ cert, key, minVersion: tlsLimits.minVersion });
}

/** Builds the server; the caller listens and, in the end, calls `close`, which ends the live streams too. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const secure = options.tls !== undefined;
  // Browsers accept a name with this prefix only with the attributes that the session must have.
  const cookieName = secure ? '__Host-vonggac' : 'vonggac';
  const access: AccessOptions = { ...options, hosts: options.hosts ?? [], cookieName };
  const scopeOf = createScopes(options);
  const signInAudit = new SignInAudit(options);
  const sessionCookie = new SessionCookie({ ...options, signInAudit, cookieName, secure });
  const passwords = new PasswordSignIn(options.people, options.now);
  const signIn = { ...options, signInAudit, sessionCookie, passwords };
  const metrics = createHttpMetrics(options.metrics.registry);
  const feed = new LiveFeed({ live: options.live, now: options.now, onCut: () => metrics.streamsCut.inc() });

  const fastifyApp = createFastify(options);
  fastifyApp.server.maxConnections = maxConnections;
  const app: App = fastifyApp.withTypeProvider();
  app.addHook('onRequest', async ({ headers }, reply) => {
    setSecurityHeaders(reply);
    // Browsers would hold `localhost` to it for every other program on the machine too.
    if (secure && !isLoopbackHost(headers.host)) reply.header('strict-transport-security', stayEncrypted);
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  addErrorAnswers(fastifyApp);
  measureRequests(fastifyApp, metrics);

  let timer: NodeJS.Timeout | undefined;
  app.addHook('onReady', async () => {
    feed.start();
    timer = setInterval(() => {
      feed.tick();
      metrics.streams.set(feed.clientCount);
    }, tickMs).unref();
  });
  app.addHook('onClose', async () => signInAudit.flush());
  app.addHook('preClose', async () => {
    clearInterval(timer);
    feed.stop();
    // Browsers open connections in advance; Node takes one without a request for busy and would wait a minute for it.
    setTimeout(() => fastifyApp.server.closeAllConnections(), closeGraceMs).unref();
  });

  app.register(fastifyCookie);
  app.register(fastifyCompress, { globalDecompression: false });
  app.register(fastifyStatic, { serve: false });
  app.after(() => {
    guard(fastifyApp, access);
    const addRefusedMethods = watchMethods(fastifyApp);
    addOpenApi(app, { version: options.version, cookieName });
    addServiceRoutes(app, options);
    addSessionRoutes(app, signIn);
    addOidcRoutes(app, { ...signIn, secure });
    addOwnAccountRoutes(app, signIn);
    addPeopleRoutes(app, options);
    addTokenRoutes(app, options);
    addAgentRoutes(app, { scopeOf });
    addUnitRoutes(app, { scopeOf });
    addUnitMachineRoutes(app, { scopeOf });
    addUnitChangeRoutes(app, options);
    addCodeRoutes(app, { ...options, scopeOf });
    addEnrolmentRoutes(app, { ...options, scopeOf });
    addIncidentRoutes(app, { ...options, scopeOf });
    addNotificationRoutes(app, options);
    addGrafanaRoutes(app, options);
    addLinkRoutes(app, { ...options, scopeOf });
    addOutageRoutes(app, { ...options, scopeOf });
    addAvailabilityRoutes(app, { scopeOf });
    addMaintenanceRoutes(app, { ...options, scopeOf });
    addRuleRoutes(app, { scopeOf });
    addDeviceRoutes(app, { ...options, scopeOf });
    addProtectionRoutes(app, { ...options, scopeOf });
    addMalwareRoutes(app, { ...options, scopeOf });
    addCatalogueRoutes(app);
    addSeriesRoutes(app, { scopeOf, now: options.now });
    addStreamRoutes(app, { feed, access, scopeOf });
    addAuditRoutes(app, options);
    addConsoleRoutes(app, options);
    addRefusedMethods();
  });
  return fastifyApp;
}

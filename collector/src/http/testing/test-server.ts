/** The HTTP server with real parts around it, but a clock that the test moves, a registry that is thrown away and a store in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Availability } from '../../availability/availability.ts';
import type { Calendars } from '../../calendar/calendars.ts';
import { Incidents } from '../../incidents/incidents.ts';
import { LiveState } from '../../live/live-state.ts';
import { createMetrics } from '../../metrics.ts';
import { Notifications } from '../../notify/notifications-file.ts';
import { type AgentRecord, Agents } from '../../registry/agents.ts';
import { AuditLog } from '../../registry/audit-log.ts';
import { BrowserSessions } from '../../registry/browser-sessions.ts';
import { CodeUses } from '../../registry/code-uses.ts';
import { openRegistry } from '../../registry/database.ts';
import { EnrolmentCodes } from '../../registry/enrolment-codes.ts';
import { PendingEnrolments } from '../../registry/pending-enrolments.ts';
import { People } from '../../registry/people.ts';
import { openPeople } from '../../registry/people-file.ts';
import type { Role } from '../../registry/roles.ts';
import { SignInLinks } from '../../registry/sign-in-links.ts';
import { Tokens } from '../../registry/tokens.ts';
import { Units } from '../../registry/units.ts';
import { Evaluator } from '../../rules/evaluator.ts';
import type { SelfProblem } from '../../self-watch/self-problem.ts';
import { createHttpServer, type HttpServerOptions } from '../http-server.ts';
import { MemoryStore } from './memory-store.ts';
import { TestConnectivity } from './test-connectivity.ts';
import { TestGrafana } from './test-grafana.ts';
import { TestOutages } from './test-outages.ts';
import { createTestPlanning } from './test-planning.ts';
import { TestProtection } from './test-protection.ts';

export interface TestServer {
  readonly app: FastifyInstance;
  readonly live: LiveState;
  readonly store: MemoryStore;
  readonly agents: Agents;
  readonly database: DatabaseSync;
  readonly incidents: Incidents;
  readonly notifications: Notifications;
  readonly connectivity: TestConnectivity;
  readonly protection: TestProtection;
  readonly outages: TestOutages;
  readonly calendars: Calendars;
  readonly availability: Availability;
  readonly rules: Evaluator;
  readonly grafana: TestGrafana;
  readonly units: Units;
  readonly codes: EnrolmentCodes;
  readonly pending: PendingEnrolments;
  /** Machines whose connection was ended. */
  readonly disconnected: readonly string[];
  readonly tokens: Tokens;
  readonly signInLinks: SignInLinks;
  readonly people: People;
  readonly audit: AuditLog;
  readonly clock: { now: number };
  /** What the server logged, one entry a line. */
  readonly log: readonly string[];
  /** What is wrong with the collector itself. */
  readonly problems: SelfProblem[];
  /** Headers with a token of this role. */
  authorization(role?: Role): { authorization: string };
  addAgent(id: string, record?: Partial<AgentRecord>): AgentRecord;
  close(): Promise<void>;
}

/** `now` takes the place of the clock that the test moves. */
export function createTestServer(overrides: Partial<HttpServerOptions> = {}): TestServer {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-http-'));
  const database = openRegistry(folder);
  const clock = { now: Date.UTC(2026, 0, 5, 8) };
  const now = overrides.now ?? (() => clock.now);
  const live = new LiveState(now);
  const store = new MemoryStore();
  const units = new Units(database);
  const agents = new Agents(database);
  const codes = new EnrolmentCodes(database);
  const pending = new PendingEnrolments(database, { lifeDays: 7 });
  const incidents = new Incidents(folder);
  const notifications = new Notifications(folder);
  const connectivity = new TestConnectivity(folder);
  const protection = new TestProtection(folder, live);
  const outages = new TestOutages(folder);
  const planning = createTestPlanning({ folder, units, live, outages, connectivity, now });
  const rules = new Evaluator({ isGone: () => false });
  const grafana = new TestGrafana({ folder, incidents, now });
  const disconnected: string[] = [];
  const tokens = new Tokens(database);
  const signInLinks = new SignInLinks(database);
  const peopleDatabase = openPeople(folder);
  const people = new People(peopleDatabase);
  const audit = new AuditLog(folder);
  const log: string[] = [];
  const problems: SelfProblem[] = [];
  const tokenByRole = new Map<Role, string>();
  const app = createHttpServer({
    units,
    agents,
    codes,
    codeUses: new CodeUses(database),
    codeOrigin: () => ({ pin: 'A'.repeat(52), addresses: ['127.0.0.1:8443'] }),
    pending,
    disconnect: (id) => void disconnected.push(id),
    incidents,
    notify: { list: (query) => notifications.list(query), channels: () => [] },
    connectivity,
    protection,
    outages,
    ...planning,
    rules,
    grafana,
    live,
    store,
    tokens,
    browserSessions: new BrowserSessions(peopleDatabase),
    signInLinks,
    people,
    audit,
    metrics: createMetrics(),
    logger: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    consoleFolder: join(folder, 'console'),
    version: '0.0.0-test',
    now,
    selfWatch: {
      problems: () => problems,
      reading: { at: clock.now, fields: { sessions: 3 } },
      startedAt: clock.now,
    },
    ...overrides,
  });

  return {
    app,
    live,
    store,
    agents,
    database,
    incidents,
    notifications,
    connectivity,
    protection,
    outages,
    ...planning,
    rules,
    grafana,
    units,
    codes,
    pending,
    disconnected,
    tokens,
    signInLinks,
    people,
    audit,
    clock,
    log,
    problems,
    authorization(role = 'viewer') {
      const token = tokenByRole.get(role) ?? tokens.create({ name: `test ${role}`, role }, now()).token;
      tokenByRole.set(role, token);
      return { authorization: `Bearer ${token}` };
    },
    addAgent(id, record = {}) {
      const full: AgentRecord = {
        id,
        hostname: `host-${id}`,
        unit: 'so-tttt',
        class: 'server',
        publicKey: id,
        platform: 'linux',
        version: '1.0.0',
        enrolledAt: now(),
        lastSeen: undefined,
        revokedAt: undefined,
        keySince: now(),
        previousPublicKey: undefined,
        rotateKeyAskedAt: undefined,
        hardware: [],
        addresses: [],
        ...record,
      };
      live.put(full);
      return full;
    },
    async close() {
      await app.close();
      audit.close();
      grafana.stop();
      incidents.stop();
      notifications.stop();
      connectivity.stop();
      protection.stop();
      outages.stop();
      planning.availability.stop();
      planning.calendars.stop();
      peopleDatabase.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

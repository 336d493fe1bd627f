/** The HTTP server with real parts around it, but a clock that the test moves, a registry that is thrown away and a store in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { LiveState } from '../../live/live-state.ts';
import { createMetrics } from '../../metrics.ts';
import { type AgentRecord, Agents } from '../../registry/agents.ts';
import { AuditLog } from '../../registry/audit-log.ts';
import { BrowserSessions } from '../../registry/browser-sessions.ts';
import { openRegistry } from '../../registry/database.ts';
import { openPeople, People } from '../../registry/people.ts';
import type { Role } from '../../registry/roles.ts';
import { SignInLinks } from '../../registry/sign-in-links.ts';
import { Tokens } from '../../registry/tokens.ts';
import { Units } from '../../registry/units.ts';
import { createHttpServer, type HttpServerOptions } from '../http-server.ts';
import { MemoryStore } from './memory-store.ts';

export interface TestServer {
  readonly app: FastifyInstance;
  readonly live: LiveState;
  readonly store: MemoryStore;
  readonly agents: Agents;
  readonly units: Units;
  readonly tokens: Tokens;
  readonly signInLinks: SignInLinks;
  readonly people: People;
  readonly audit: AuditLog;
  readonly clock: { now: number };
  /** What the server logged, one entry a line. */
  readonly log: readonly string[];
  readonly problems: string[];
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
  const tokens = new Tokens(database);
  const signInLinks = new SignInLinks(database);
  const peopleDatabase = openPeople(folder);
  const people = new People(peopleDatabase);
  const audit = new AuditLog(folder);
  const log: string[] = [];
  const problems: string[] = [];
  const tokenByRole = new Map<Role, string>();
  const app = createHttpServer({
    units,
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
    ready: () => ({ ready: problems.length === 0, problems }),
    ...overrides,
  });

  return {
    app,
    live,
    store,
    agents: new Agents(database),
    units,
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
        ...record,
      };
      live.put(full);
      return full;
    },
    async close() {
      await app.close();
      audit.close();
      peopleDatabase.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

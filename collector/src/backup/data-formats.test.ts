/** What any released version has written, this one reads. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AvailabilityBooks } from '../availability/books.ts';
import { MaintenanceWindows } from '../calendar/maintenance-windows.ts';
import { Devices } from '../connectivity/devices.ts';
import { LinkLedger } from '../connectivity/link-ledger.ts';
import { openGrafanaFile } from '../grafana/driving/grafana-file.ts';
import { Notices } from '../grafana/driving/notices.ts';
import { Incidents } from '../incidents/incidents.ts';
import { Notifications } from '../notify/notifications-file.ts';
import { OutageLedger } from '../outages/outage-ledger.ts';
import { MalwareStore } from '../protection/malware-store.ts';
import { ProtectionFile } from '../protection/protection-file.ts';
import { Agents } from '../registry/agents.ts';
import { AuditLog } from '../registry/audit-log.ts';
import { openDatabaseFile, openRegistry } from '../registry/database.ts';
import { EnrolmentCodes } from '../registry/enrolment-codes.ts';
import { People } from '../registry/people.ts';
import { openPeople } from '../registry/people-file.ts';
import { Tokens } from '../registry/tokens.ts';
import { Units } from '../registry/units.ts';
import { SqliteStore } from '../stores/sqlite-store.ts';
import { databases, seriesName } from './data-files.ts';

const fixtures = join(import.meta.dirname, '../../../tests/fixtures/data-formats');
const time = Date.parse('2026-11-23T09:00:00Z');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-formats-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function fixtureOf(name: string): string {
  return join(fixtures, name.replace('.db', '.1.sql'));
}

/** The file as format 1 left it. */
function write(name: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, name), { enableForeignKeyConstraints: true });
  database.exec(readFileSync(fixtureOf(name), 'utf8'));
  return database;
}

/** For a format that no release has yet. */
function rewriteTables(name: string, format: string): void {
  const text = readFileSync(fixtureOf(name), 'utf8');
  const tables = format.replace(/^ {3}/gm, '').trim();
  writeFileSync(fixtureOf(name), `${tables}\n\n${text.slice(text.indexOf('INSERT INTO '))}`);
}

function schemaOf(database: DatabaseSync): unknown[] {
  return database
    .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ type, name, sql }) => [type, name, String(sql).replace(/\s+/g, ' ')]);
}

describe.each(databases.map((file) => [file.name, file] as const))('%s', (name, file) => {
  test('has its first format, with rows, among the fixtures, and that was not changed since', () => {
    expect(existsSync(fixtureOf(name)), `${fixtureOf(name)}: see ORIGIN.md beside it`).toBe(true);
    if (process.env.UPDATE_GOLDEN) rewriteTables(name, file.formats[0] ?? '');
    const fixture = write(name);
    const made = new DatabaseSync(':memory:');
    made.exec(file.formats[0] ?? '');
    expect(schemaOf(fixture)).toEqual(schemaOf(made));
    fixture.close();
  });

  test('of a newer version is refused and left as it is', () => {
    const newer = write(name);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    const before = readFileSync(join(folder, name));
    expect(() => openDatabaseFile(folder, file)).toThrow(
      `${join(folder, name)} was made by a newer version of Vọng Gác (format 99, this one knows ${file.formats.length})`,
    );
    expect(readFileSync(join(folder, name)).subarray(100).equals(before.subarray(100))).toBe(true);
  });
});

/** What the present program finds in each file. */
const found: Readonly<Record<string, () => unknown>> = {
  'collector.db': () => {
    const database = openRegistry(folder);
    try {
      expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
      return [
        new Units(database).list().map(({ code, name, parent }) => [code, name, parent]),
        new Agents(database).all().map(({ id, unit, revokedAt }) => [id, unit, revokedAt]),
        new EnrolmentCodes(database).all().map(({ id, usesLeft }) => [id, usesLeft]),
        new Tokens(database).all().map(({ name, role }) => [name, role]),
      ];
    } finally {
      database.close();
    }
  },
  'people.db': () => {
    const database = openPeople(folder);
    try {
      const people = new People(database).all();
      return people.map(({ name, role, unit, disabledAt, totpSecret }) => [
        name,
        role,
        unit,
        disabledAt,
        totpSecret?.length,
      ]);
    } finally {
      database.close();
    }
  },
  'audit.db': () => {
    copyFileSync(join(fixtures, 'audit.head'), join(folder, 'audit.head'));
    const log = new AuditLog(folder);
    try {
      expect(log.verify()).toMatchObject({ entries: 2, problem: undefined });
      return log.list({ limit: 10 }).map(({ actor, action }) => [actor, action]);
    } finally {
      log.close();
    }
  },
  'incidents.db': () =>
    stopping(new Incidents(folder), (incidents) =>
      incidents
        .list({ state: 'all', limit: 10 })
        .map(({ kind, closedBy, evidence, level, assignedTo }) => [kind, closedBy, evidence.length, level, assignedTo]),
    ),
  'notifications.db': () =>
    stopping(new Notifications(folder), (notifications) => [
      notifications.list({ limit: 10 }).map(({ event, state, content }) => [event, state, content.subject]),
      [...notifications.toldTo('thu').keys()],
    ]),
  'links.db': () =>
    stopping(new LinkLedger(folder), (ledger) =>
      ledger
        .intervals({ from: 0, to: time + 120_000, limit: 10 })
        .map(({ state, to, evidence }) => [state, to, evidence.length]),
    ),
  'devices.db': () =>
    stopping(new Devices(folder, () => undefined), (devices) =>
      devices.of('XA-QP').map(({ mac, vendor, present }) => [mac, vendor, present]),
    ),
  'protection.db': () =>
    stopping(new ProtectionFile(folder), (file) =>
      [...file.all()].map(([agent, { level, skewMs, judgedAt }]) => [agent, level, skewMs, judgedAt]),
    ),
  'malware.db': () =>
    stopping(new MalwareStore(folder, { keep_days: 1e5, keep: 10, keep_per_machine: 10 }), (malware) =>
      malware.list({ limit: 10 }).map(({ name, action, resolved }) => [name, action, resolved]),
    ),
  'outages.db': () =>
    stopping(new OutageLedger(folder), (ledger) =>
      ledger.list({}).map(({ agent, verdict, endedAt }) => [agent, verdict, endedAt]),
    ),
  'availability.db': () => stopping(new AvailabilityBooks(folder), (books) => [books.since(), books.taken('2026-11')]),
  'grafana.db': () => {
    const database = openGrafanaFile(folder);
    const incidents = new Incidents(folder);
    try {
      const waiting = database.prepare('SELECT key FROM annotations WHERE sent IS NOT wanted').all();
      return [waiting.map(({ key }) => key), new Notices({ database, incidents, now: () => time }).of(7)];
    } finally {
      incidents.stop();
      database.close();
    }
  },
  'maintenance.db': () =>
    stopping(new MaintenanceWindows(folder), (windows) =>
      windows.waiting(time).map(({ unit, reason, to }) => [unit, reason, to]),
    ),
};

function stopping<T extends { stop(): void }>(part: T, look: (part: T) => unknown): unknown {
  try {
    return look(part);
  } finally {
    part.stop();
  }
}

test.each([
  [
    'collector.db',
    [
      [
        ['QB', 'Tỉnh Quảng Bình', undefined],
        ['XA-QP', 'Xã Quảng Phú', 'QB'],
      ],
      [
        ['a-1', 'XA-QP', undefined],
        ['a-2', 'XA-QP', time + 95_000],
      ],
      [['c-1', 8]],
      [['grafana', 'viewer']],
    ],
  ],
  [
    'people.db',
    [
      ['an', 'admin', undefined, undefined, 20],
      ['bình', 'unit-admin', 'XA-QP', time + 5_000, undefined],
    ],
  ],
  [
    'audit.db',
    [
      ['bình', 'token.revoke'],
      ['an', 'unit.add'],
    ],
  ],
  [
    'incidents.db',
    [
      ['new-device', undefined, 0, 1, undefined],
      ['clone', 'an', 1, 1, undefined],
    ],
  ],
  [
    'notifications.db',
    [
      [
        ['resolved', 'waiting', 'đã xong'],
        ['opened', 'sent', 'mới'],
      ],
      [2],
    ],
  ],
  [
    'links.db',
    [
      ['up', time + 60_000, 0],
      ['down', undefined, 1],
    ],
  ],
  ['devices.db', [['00:11:22:33:44:55', 'Cisco', true]]],
  ['protection.db', [['a-1', 'protected', 120, time + 60_000]]],
  ['malware.db', [['Eicar-Test-Signature', 'quarantined', true]]],
  ['outages.db', [['a-1', 'machine-shut-down', time + 60_000]]],
  [
    'availability.db',
    [
      time,
      {
        takenAt: time + 691_200_000,
        figures: [
          {
            kind: 'machine',
            unit: 'XA-QP',
            subject: 'a-1',
            hostname: 'pc-van-thu',
            class: 'pc',
            balance: { up: 3_600_000 },
            outages: 2,
          },
        ],
        revisions: 1,
        revisedAt: time + 700_000_000,
      },
    ],
  ],
  ['maintenance.db', [['XA-QP', 'thay máy chủ', time + 3_600_000]]],
  ['grafana.db', [['incident:7'], [{ receiver: 'truc-ban', status: 'firing', at: time }]]],
])('what format 1 of %s holds is found', (name, expected) => {
  write(name).close();
  expect(found[name]?.()).toEqual(expected);
});

describe(seriesName, () => {
  const store = () => new SqliteStore({ folder, warn: () => {}, now: () => time + 1_300_000 });

  test('what format 1 holds is found, settled or not, and the catalogue’s new columns are there', async () => {
    write(seriesName).close();
    const series = store();
    await series.start();
    try {
      const asked = { measurement: 'cpu', from: time, to: time + 3_600_000, limit: 100 } as const;
      const raw = await series.query({ ...asked, field: 'usage_percent' });
      expect(raw.series[0]?.points).toEqual([
        [time, 10],
        [time + 60_000, 20],
        [time + 120_000, 60],
        [time + 1_200_000, 40],
      ]);
      expect(raw.series[0]?.tags).toMatchObject({ agent: 'a-1', unit: 'XA-QP' });
      const hours = await series.query({ ...asked, field: 'usage_percent', step: 3_600_000, aggregate: 'max' });
      expect(hours.series[0]?.points).toEqual([[time, 60]]);
      expect((await series.query({ ...asked, field: 'cores' })).series).toEqual([]);
    } finally {
      await series.stop();
    }
  });

  test('of a newer version is refused', async () => {
    const newer = write(seriesName);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(store().start()).rejects.toThrow(
      'was made by a newer version of Vọng Gác (format 99, this one knows 1)',
    );
  });
});

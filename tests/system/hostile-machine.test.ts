/** Rows 34 and 35 of the attacks: an agent on a machine whose disk was tampered with, or whose clock is wrong. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enrolByHand } from '../harness/enrol-by-hand.ts';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../harness/program.ts';
import { StubCollector } from '../harness/stub-collector.ts';

const yearMs = 365 * 86_400_000;

/** A file of the spool's format, so that what is wrong with it is found in the middle. */
function makeSpool(file: string, records: number): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE records (id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL, first_time INTEGER NOT NULL,
      last_time INTEGER NOT NULL, points INTEGER NOT NULL, clock_offset INTEGER, thinned INTEGER NOT NULL DEFAULT 0,
      crc INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE INDEX records_by_lane ON records (lane, id);
    CREATE TABLE gaps (reason TEXT NOT NULL, lane INTEGER NOT NULL, points INTEGER NOT NULL, first_time INTEGER NOT NULL,
      last_time INTEGER NOT NULL, PRIMARY KEY (reason, lane)) STRICT;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    PRAGMA user_version = 1;`);
  const add = database.prepare(
    `INSERT INTO records (lane, first_time, last_time, points, crc, body) VALUES (1, ?, ?, 1, 1, ?)`,
  );
  for (let i = 0; i < records; i += 1) add.run(Date.now(), Date.now(), '[[1,1,[],[0],[5]]]'.repeat(50));
  database.close();
}

function flipBits(file: string): void {
  const bytes = readFileSync(file);
  for (let at = 8_192; at < bytes.length; at += 997) bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
  writeFileSync(file, bytes);
}

describe('an agent on a tampered disk', () => {
  const folder = temporaryFolder();
  const collector = new StubCollector();
  let agent: AgentProcess;
  let spool: string;
  let count = 0;

  beforeAll(() => collector.start(join(folder.path, 'collector')));
  afterAll(async () => {
    await collector.stop();
    folder.remove();
  });

  beforeEach(() => {
    count += 1;
    agent = new AgentProcess(join(folder.path, `agent-${count}`));
    enrolByHand(agent, { addresses: [collector.address], pin: collector.pin });
    spool = join(agent.folder, 'spool.db');
  });
  afterEach(() => agent.stop('SIGKILL'));

  test.each<[string, RegExp, () => void]>([
    ['a folder', /cannot be written, keeping data in memory/, () => mkdirSync(spool)],
    ['a symlink to /dev/zero', /cannot be written, keeping data in memory/, () => symlinkSync('/dev/zero', spool)],
    ['a symlink to /dev/full', /cannot be written, keeping data in memory/, () => symlinkSync('/dev/full', spool)],
    ['noise', /set aside as spool.db.damaged/, () => writeFileSync(spool, 'SQLite format 3\0'.repeat(5_000))],
    [
      'a file that was cut off',
      /set aside as spool.db.damaged/,
      () => {
        makeSpool(spool, 100);
        writeFileSync(spool, readFileSync(spool).subarray(0, 20_000));
      },
    ],
    [
      'a file with flipped bits',
      /set aside as spool.db.damaged|refused/,
      () => {
        makeSpool(spool, 500);
        flipBits(spool);
      },
    ],
    [
      'a log that is noise beside it',
      /agent started/,
      () => {
        makeSpool(spool, 1);
        writeFileSync(`${spool}-wal`, '\u00ff'.repeat(100_000));
      },
    ],
  ])('with %s for a spool measures on and says so', async (_, said, tamper) => {
    tamper();
    const before = collector.count('batch');
    agent.start();
    await until('points', () => collector.count('batch') > before + 1, 30_000);
    await until('the log line', () => said.test(agent.program.output));
    expect(await agent.stop()).toBe(0);
    expect(agent.program.output).not.toMatch(/\n\s+at /);
  });

  test('does not write through a symlink that stands where its spool should', async () => {
    const victim = join(folder.path, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, spool);
    const before = collector.count('batch');
    agent.start();
    await until('points', () => collector.count('batch') > before, 30_000);
    expect(await agent.stop()).toBe(0);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  test('counts every record that was changed, exactly', async () => {
    makeSpool(spool, 700);
    agent.start();
    const status = () => {
      const files = readdirSync(agent.folder);
      if (!files.includes('status.json')) return undefined;
      return JSON.parse(readFileSync(join(agent.folder, 'status.json'), 'utf8')) as { spool: { lostPoints: number } };
    };
    await until('the count', () => status()?.spool.lostPoints === 700, 40_000);
    expect(await agent.stop()).toBe(0);
  });

  test.each<[string, string, () => void]>([
    ['a key that others can read', 'chmod 600', () => chmodSync(join(agent.folder, 'agent-key.pem'), 0o644)],
    ['a folder that others can write to', 'chmod 700', () => chmodSync(agent.folder, 0o777)],
  ])('with %s refuses to run and says what to do', async (_, advice, open) => {
    open();
    agent.start();
    await until('the end', () => !agent.program.running);
    expect(await agent.stop()).toBe(1);
    expect(agent.program.output).toContain(advice);
    expect(agent.program.output).not.toMatch(/\n\s+at /);
  });
});

describe('an agent whose clock is wrong', () => {
  const folder = temporaryFolder();
  const collector = new CollectorProcess(join(folder.path, 'collector'));
  let agent: AgentProcess;
  let count = 0;

  beforeAll(async () => {
    await collector.start();
    collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
  });
  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    folder.remove();
  });
  beforeEach(() => {
    count += 1;
    agent = new AgentProcess(join(folder.path, `agent-${count}`));
    agent.enrol(collector, { unit: 'DV', class: 'server' });
  });
  afterEach(() => agent.stop('SIGKILL'));

  /** The clock as JavaScript sees it; what OpenSSL thinks of dates is tried below with a certificate's own. */
  function shifted(ms: number): Record<string, string> {
    const code = `const Real=Date;globalThis.Date=class extends(Real){constructor(...given){given.length?super(...given):super(Real.now()+${ms})}static/**/now(){return(Real.now()+${ms})}}`;
    return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
  }

  test.each([
    ['a year behind', -yearMs],
    ['ten years ahead', 10 * yearMs],
  ])('by %s reports, its points at the right time, and the offset is shown', async (_, ms) => {
    const startedAt = Date.now();
    agent.start(shifted(ms));
    const id = (JSON.parse(readFileSync(join(agent.folder, 'identity.json'), 'utf8')) as { agent: string }).agent;
    const points = await until(
      'two points',
      async () => {
        const path = `/api/v1/series?measurement=memory&field=total_bytes&agent=${id}`;
        const { series } = (await collector.get(path)) as { series: { points: [number, number][] }[] };
        return (series[0]?.points.length ?? 0) >= 2 && series[0]?.points;
      },
      60_000,
    );
    for (const [time] of points) {
      expect(time).toBeGreaterThan(startedAt - 5_000);
      expect(time).toBeLessThan(Date.now() + 5_000);
    }
    const shown = (await collector.get(`/api/v1/agents/${id}`)) as { clock_offset_seconds: number };
    expect(Math.abs(shown.clock_offset_seconds + ms / 1_000)).toBeLessThan(5);
    const metrics = String(await collector.get('/metrics'));
    expect(metrics).not.toMatch(/vonggac_points_refused_total\{reason="(too_old|in_future)"\} [1-9]/);
    expect(await agent.stop()).toBe(0);
  });

  test.each([
    ['has run out', -20 * yearMs],
    ['is not valid yet', 20 * yearMs],
  ])('so that the certificate %s connects all the same: the pin says who it is', async (_, ms) => {
    const stub = new StubCollector(() => Date.now() + ms);
    await stub.start(join(folder.path, `stub-${ms}`));
    enrolByHand(agent, { addresses: [stub.address], pin: stub.pin });
    agent.start();
    await until('points', () => stub.count('batch') > 0);
    await agent.stop();
    await stub.stop();
  });
});

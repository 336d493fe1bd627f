/** The tree of units through the real command, beside a running collector. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';
import { RawAgent } from '../harness/raw-agent.ts';

const sample = join(import.meta.dirname, '../fixtures/units/quang-binh-2022.csv');
const folder = temporaryFolder();
afterAll(() => folder.remove());

function path(...parts: string[]): string {
  return join(folder.path, ...parts);
}

describe('on a folder of its own', () => {
  function units(...args: string[]) {
    return run('collector', ['units', ...args, '--data', path('data')]);
  }

  function ok(...args: string[]): string {
    const { code, stdout, stderr } = units(...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return stdout;
  }

  /** `CODE<PARENT` of all units. */
  function tree(...args: string[]): string[] {
    const { items } = JSON.parse(ok('list', '--json', ...args)) as { items: { code: string; parent: string | null }[] };
    return items.map(({ code, parent }) => `${code}<${parent ?? ''}`);
  }

  test('the sample is shown, imported, and nothing new the second time', () => {
    const plan = ok('import', sample, '--dry-run', '--from', '2022-01-01');
    expect(plan).toContain('added: 35\n  line 2: QB "Tỉnh Quảng Bình", kind "province", declared_servers 116');
    expect(plan).toMatch(/nothing was written \(--dry-run\)\n$/);
    expect(ok()).toBe('no units yet\n');
    const done = ok('import', sample, '--from', '2022-01-01');
    expect(done).toBe(plan.replace('nothing was written (--dry-run)', 'written'));
    expect(ok('import', sample)).toMatch(
      /^added: 0\nchanged: 0\nunchanged: 35\nnot in the file, left as they are: 0\nproblems: 0\nnothing to write\n$/,
    );
  });

  test('the list is a tree, neighbours in the order of the Vietnamese alphabet', () => {
    const lines = ok('list').split('\n');
    expect(lines[0]).toMatch(/^UNIT +CODE +KIND +SERVERS +PCS$/);
    expect(lines[1]).toMatch(/^Tỉnh Quảng Bình +QB +province +116 +7194$/);
    const position = (name: string) => lines.findIndex((line) => line.trimStart().startsWith(name));
    expect(position('Đài Phát thanh')).toBeGreaterThan(position('Ban Quản lý'));
    expect(position('Đài Phát thanh')).toBeLessThan(position('Sở Công Thương'));
    expect(lines[position('Ủy ban nhân dân thành phố Đồng Hới') + 1]).toMatch(
      /^ {4}Ủy ban nhân dân phường Bắc Lý +QB-DH-BL/,
    );
  });

  test('a renaming, a move and a merger keep what was before', () => {
    ok(
      'add',
      'QB-DS',
      '--name',
      'Phường Đồng Sơn',
      '--parent',
      'QB',
      '--from',
      '2025-07-01',
      '--contact-phone',
      '+84 912 345 678',
    );
    ok('change', 'QB-DH-BL', '--name', 'Phường Bắc Lý mới', '--from', '2025-07-01');
    ok('move', 'QB-DH-BN', '--to', 'QB-DS', '--from', '2025-07-01');
    expect(ok('retire', 'QB-DH', '--into', 'QB', '--from', '2025-07-01')).toBe(
      'unit QB-DH retired on 2025-07-01 into QB\n  units now in QB: QB-DH-BL\n',
    );
    const [before, after] = [tree('--at', '2025-06-30'), tree()];
    expect(before).toEqual(expect.arrayContaining(['QB-DH<QB', 'QB-DH-BL<QB-DH', 'QB-DH-BN<QB-DH']));
    expect(before.filter((unit) => !after.includes(unit))).toEqual(['QB-DH<QB', 'QB-DH-BL<QB-DH', 'QB-DH-BN<QB-DH']);
    expect(after.filter((unit) => !before.includes(unit))).toEqual(['QB-DH-BL<QB', 'QB-DH-BN<QB-DS', 'QB-DS<QB']);
    expect(ok('show', 'QB-DH-BL')).toContain('Phường Bắc Lý mới  (was: Ủy ban nhân dân phường Bắc Lý)');
    expect(ok('show', 'QB-DH')).toContain('retired on 2025-07-01, part of QB since');
  });

  test.each([[','], [';']])(
    'an export with %s is safe in a spreadsheet, and importing it changes nothing',
    (separator) => {
      const file = path(`export${separator}.csv`);
      ok('export', file, '--separator', separator);
      const text = readFileSync(file, 'utf8');
      expect(text.startsWith(`\ufeffcode${separator}name${separator}parent`)).toBe(true);
      expect(text).toContain(`${separator}'+84 912 345 678${separator}`);
      expect(ok('import', file)).toMatch(/^added: 0\nchanged: 0\nunchanged: 35\n/);
      expect(units('export', file).stderr).toContain('EEXIST');
      expect(ok('export', '--separator', separator)).toBe(text);
    },
  );

  test('a file with mistakes names them all by line and writes nothing', () => {
    const file = path('bad.csv');
    writeFileSync(
      file,
      'code;name;parent;security_level;contact_phone\nX1;Xã 1;QB;7;không có\nX2;Xã 2;QB-DH;;\nX3;Xã 3;X1;;\n',
    );
    const { code, stdout, stderr } = units('import', file);
    expect(code).toBe(1);
    expect(stdout).toContain(
      [
        'problems: 3',
        '  line 2, security_level: "7": is a whole number from 1 to 5',
        '  line 2, contact_phone: "không có": is a telephone number with 3 to 40 digits',
        '  line 3, parent: QB-DH was retired on 2025-07-01 and is part of QB now: it cannot be the parent of X2',
        'nothing was written',
      ].join('\n'),
    );
    expect(stderr).toBe('the file has 3 problems: correct it and import it again\n');
    expect(tree().filter((unit) => unit.startsWith('X'))).toEqual([]);
  });

  test.each([
    [['show', 'NO'], 1, 'there is no unit NO'],
    [['add', 'QB-DH', '--name', 'x'], 1, 'QB-DH was retired on 2025-07-01: a code is never used again'],
    [['add', 'X', '--name', 'x', '--parent', 'QB-DH'], 1, 'QB-DH was retired on 2025-07-01'],
    [['move', 'QB', '--to', 'QB-STC'], 1, 'QB would be above itself: QB -> QB-STC -> QB'],
    [['retire', 'QB-STC'], 1, 'QB-STC has units below it (QB-THTC)'],
    [['change', 'QB', '--name', 'x', '--from', '2999-01-01'], 1, '2999-01-01 is still to come'],
    [['import', 'not-there.csv'], 1, 'cannot read not-there.csv'],
    [['add', 'qb', '--name', 'x'], 2, 'a unit code has 1 to 32 capital letters'],
    [
      ['change', 'QB', '--security-level', '9', '--declared-pcs', 'x'],
      2,
      '--security-level is a whole number from 1 to 5',
    ],
    [['change', 'QB'], 2, 'nothing to change'],
    [['move', 'QB'], 2, 'name the new parent'],
    [['list', '--at', 'yesterday'], 2, '--at is a day written as 2025-07-01'],
    [['list', '--name', 'x'], 2, '--name does not belong to "units list"'],
    [['delete', 'QB'], 2, 'there is no "units delete"'],
    [['retire'], 2, 'usage: vonggac units list'],
  ])('%j ends with %i and says why', (args, code, message) => {
    expect(units(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});

describe('beside a running collector', () => {
  let collector: CollectorProcess;

  beforeAll(async () => {
    collector = new CollectorProcess(path('collector'));
    await collector.start();
    collector.command('units', 'add', 'QB', '--name', 'Tỉnh');
    collector.command('units', 'add', 'OLD', '--name', 'Xã cũ', '--parent', 'QB');
    collector.command('units', 'add', 'NEW', '--name', 'Xã mới', '--parent', 'QB');
  });

  afterAll(() => collector.stop());

  test('the API shows at once what a command changed', async () => {
    collector.command('units', 'change', 'NEW', '--links', 'net-1:internet:VNPT:203.0.113.9');
    const { items } = (await collector.get('/api/v1/units')) as { items: { code: string }[] };
    expect(items.find(({ code }) => code === 'NEW')).toMatchObject({
      links: [{ id: 'net-1', kind: 'internet', carrier: 'VNPT', edge: '203.0.113.9' }],
    });
  });

  test('a merger takes the machines along: same id, new points in the new unit', async () => {
    const agent = new AgentProcess(path('agent'));
    agent.enrol(collector, { unit: 'OLD' });
    const spare = collector.command('codes', 'create', '--unit', 'OLD', '--class', 'pc') as { id: string };

    async function measure(value: number): Promise<string> {
      const raw = await RawAgent.connect(agent.folder, collector.agentsPort);
      await raw.open();
      raw.send({ type: 'batch', seq: value, sent: Date.now(), data: [[1, 1, [], [0], [value]]] });
      expect(await raw.next('ack')).toMatchObject({ seq: value });
      raw.close();
      return raw.identity.agent;
    }

    const id = await measure(1);
    const refused = run('collector', ['units', 'retire', 'OLD', '--data', collector.folder]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`OLD has one machine (${id})`) });
    expect(collector.command('units', 'retire', 'OLD', '--into', 'NEW')).toMatchObject({
      into: 'NEW',
      moved_agents: [id],
      moved_codes: 1,
    });
    expect(await measure(2)).toBe(id);
    const found = await until('both points', async () => {
      const answer = await collector.get(`/api/v1/series?measurement=cpu&field=usage_percent&agent=${id}`);
      const { series } = answer as { series: { tags: { unit: string }; points: unknown[] }[] };
      return series.length === 2 && series.map(({ tags }) => tags.unit).sort();
    });
    expect(found).toEqual(['NEW', 'OLD']);
    const codes = collector.command('codes', 'list') as { items: { id: string; unit: string }[] };
    expect(codes.items.find((code) => code.id === spare.id)?.unit).toBe('NEW');
    const making = run('collector', ['codes', 'create', '--unit', 'OLD', '--class', 'pc', '--data', collector.folder]);
    expect(making).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no unit OLD') });
  });

  test('every change is in the audit log', async () => {
    const { items } = (await collector.get('/api/v1/audit')) as { items: { action: string; subject: string }[] };
    const changes = items
      .filter(({ action }) => action.startsWith('unit.'))
      .map(({ action, subject }) => `${action} ${subject}`);
    expect(changes).toEqual(['unit.retire OLD', 'unit.change NEW', 'unit.add NEW', 'unit.add OLD', 'unit.add QB']);
  });
});

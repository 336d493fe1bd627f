/** From what a machine tells of its protection to what people see: incidents, series, commands, the report. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { point } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../collector/src/trust/testing/certificate.ts';
import { CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';
import { detection, goodProduct, product, TellingMachine } from '../harness/telling-machine.ts';
import { verifyWithXmlsec } from '../harness/xmlsec.ts';

/** What the way from the machine to the console may take. */
const promptMs = 5_000;

const folder = temporaryFolder();
const config = join(folder.path, 'config.yaml');
const collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: config });

function enrol(name: string): Promise<TellingMachine> {
  return TellingMachine.enrol(collector, { folder: folder.path, name, unit: 'DV', class: 'server' });
}

interface Incident {
  readonly kind: string;
  readonly subject: string;
  readonly severity: string;
}

async function open(): Promise<Incident[]> {
  return ((await collector.get('/api/v1/incidents')) as { items: Incident[] }).items;
}

async function lastValue(measurement: string, field: string, tags: string): Promise<unknown> {
  const query = `/api/v1/series?measurement=${measurement}&field=${field}&from=-5m&${tags}`;
  const { series } = (await collector.get(query)) as { series: { points: [number, unknown][] }[] };
  return series[0]?.points.at(-1)?.[1];
}

describe('protection', () => {
  let one: TellingMachine;
  let two: TellingMachine;

  beforeAll(async () => {
    writeFileSync(
      config,
      'protection: {report: {organ_id: 000.00.00.H00, organ_name: "Sở <mẫu> & X"}, outbreak: {machines: 2}}\n',
    );
    await collector.start();
    collector.command('units', 'add', 'DV', '--name', 'Đơn vị');
    collector.command('units', 'change', 'DV', '--declared-servers', '3');
    one = await enrol('may-1');
    two = await enrol('may-2');
  });
  afterAll(async () => {
    one.agent.close();
    two.agent.close();
    await collector.stop();
    folder.remove();
  });

  test('a machine is judged when it speaks, and its unit by what it has declared', async () => {
    await one.tell(goodProduct());
    await until(
      'its series',
      async () => (await lastValue('antivirus_state', 'state', `agent=${one.id}`)) === 2,
      promptMs,
    );
    await until(
      'the series of the unit',
      async () => (await lastValue('unit_protection', 'protected', 'unit=DV')) === 1,
      2 * promptMs,
    );
    expect(await lastValue('unit_protection', 'missing', 'unit=DV')).toBe(1);
  });

  test('what only the collector concludes is not taken from a machine', async () => {
    const ack = await two.tell(point('antivirus_state', { time: Date.now(), tags: {}, fields: { state: 2 } }));
    expect(ack).toMatchObject({ refused: 1 });
    expect(await lastValue('antivirus_state', 'state', `agent=${two.id}`)).not.toBe(2);
  });

  test('a detection is an incident within seconds, the second machine makes it an outbreak', async () => {
    await one.tell(detection('e-1'));
    await until('an incident', async () => (await open()).some(({ kind }) => kind === 'malware'), promptMs);
    await one.tell(detection('e-1'));
    await two.tell(detection('e-2', { action: 'quarantined', resolved: true }));
    await until('an outbreak', async () => (await open()).some(({ kind }) => kind === 'outbreak'), promptMs);
    expect((await open()).map(({ kind, subject, severity }) => [kind, subject, severity])).toEqual([
      ['outbreak', 'eicar <&>', 'critical'],
    ]);
    const { items } = (await collector.get('/api/v1/malware')) as { items: { name: string; resolved?: boolean }[] };
    expect(items.map(({ name, resolved }) => [name, resolved])).toEqual([
      ['Eicar <&>', true],
      ['Eicar <&>', undefined],
    ]);
  });

  test('protection that stops after a detection is a hint of a break-in', async () => {
    await one.tell(product({ running: false, realtime: false }));
    await until('the hint', async () => (await open()).some(({ kind }) => kind === 'compromise-hint'), promptMs);
  });

  test('commands read the files, the report is written and signed', async () => {
    const listed = collector.command('malware', 'list', '--unit', 'DV') as { items: unknown[] };
    expect(listed.items).toHaveLength(2);
    const saved = () => (collector.command('protection') as { items: { agent: string; level: string }[] }).items;
    await until('the machines to be saved', () => saved().length === 2);
    expect(run('collector', ['protection', '--level', 'fine', '--data', collector.folder]).code).toBe(2);

    const { cert, key } = await makeCertificate({ names: ['So mau'], kind: 'rsa' });
    const file = (name: string) => join(folder.path, name);
    writeFileSync(file('cert.pem'), cert);
    writeFileSync(file('key.pem'), key);
    const report = ['report', 'malware', '--format', 'edxml', '--out', file('report.xml')];
    const set = ['--data', collector.folder, '--config', config];
    const unsigned = run('collector', [...report, ...set]);
    expect(unsigned.stdout).toMatch(/2 machines, 2 detections[\s\S]*NOT SIGNED[\s\S]*nothing is sent/);
    const signed = run('collector', [...report, ...set, '--certificate', file('cert.pem'), '--key', file('key.pem')]);
    expect(signed.stdout).toContain('signed with RSA-SHA256');
    const text = readFileSync(file('report.xml'), 'utf8');
    expect(text).toContain('<MalwareName>Eicar &lt;&amp;&gt;</MalwareName>');
    expect(text).toContain('<SignatureValue>');
    expect(statSync(file('report.xml')).mode & 0o777).toBe(0o600);
    const { items } = (await collector.get('/api/v1/audit?action=report')) as { items: { action: string }[] };
    expect(items.map(({ action }) => action)).toEqual(['report.malware', 'report.malware']);

    expect(verifyWithXmlsec(file('report.xml'), file('cert.pem')) ?? true).toBe(true);
    expect(run('collector', [...report.slice(0, 4), ...set]).stderr).toContain('--out is missing');
    const wrong = run('collector', [...report, ...set, '--certificate', file('cert.pem'), '--key', file('cert.pem')]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('the private key cannot be read')]);
    for (const [added, code, said] of [
      [['--month', '2099-01'], 2, '--month: 2099-01 has not begun'],
      [['--month', 'tháng 11'], 2, 'is not a month'],
      [['--unit', 'KHONG-CO'], 1, 'there is no unit KHONG-CO'],
      [['--certificate', file('gone.pem'), '--key', file('key.pem')], 1, 'cannot read'],
      [['--certificate', file('cert.pem')], 2, 'a signature takes both'],
      [['--data', join(folder.path, 'elsewhere')], 1, 'no machine has told anything'],
    ] as const) {
      const result = run('collector', [...report, ...set, ...added]);
      expect([result.code, result.stderr], added.join(' ')).toEqual([code, expect.stringContaining(said)]);
    }
  });
});

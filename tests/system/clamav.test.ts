/** A real ClamAV, as the agent sees it and as its finds reach the collector. */
import { chmodSync, copyFileSync, existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Point } from '@vonggac/shared';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Clamav, missingClamav, threat } from '../harness/clamav.ts';
import { AgentProcess, CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';

if (missingClamav !== undefined) process.stderr.write(`tests of ClamAV are skipped: ${missingClamav}\n`);
const header = join(import.meta.dirname, '../fixtures/antivirus/linux/cvd-header-512bytes.bin');

const folder = temporaryFolder();
// Somebody else is to open a file in it.
chmodSync(folder.path, 0o755);
const clamav = new Clamav(join(folder.path, 'clamav'));
const agent = new AgentProcess(join(folder.path, 'agent'));
const daily = join(clamav.databases, 'daily.cvd');

/** What `vonggac-agent probe` says now. */
function probe(name: 'antivirus' | 'malware'): Point[] {
  const { code, stdout, stderr } = run('agent', ['probe', name, '--json', '--data', agent.folder]);
  if (code !== 0) throw new Error(`probe ${name} ended with ${code}: ${stderr}`);
  return (JSON.parse(stdout) as { points: Point[] }).points;
}

function status(): Point['fields'] {
  const fields = probe('antivirus').find(({ tags }) => tags.product === 'clamav')?.fields;
  if (!fields) throw new Error('the agent sees no ClamAV');
  return fields;
}

describe.skipIf(missingClamav !== undefined)('a real ClamAV', () => {
  const collector = new CollectorProcess(join(folder.path, 'collector'));

  /** Detections that the store has, in the order of their times. */
  async function detections(field: 'name' | 'object' | 'event' | 'action'): Promise<unknown[]> {
    const path = `/api/v1/series?measurement=malware&field=${field}&from=-10m`;
    const { series } = (await collector.get(path)) as { series: { points: [number, unknown][] }[] };
    return series
      .flatMap(({ points }) => points)
      .sort(([one], [other]) => one - other)
      .map(([, value]) => value);
  }

  beforeAll(async () => {
    await collector.start();
    collector.command('units', 'add', 'X1', '--name', 'Xã 1');
    agent.enrol(collector, { unit: 'X1' });
    writeFileSync(join(agent.folder, 'agent.yaml'), `antivirus:\n  clamd_conf: [${clamav.config}]\n`);
    await clamav.start();
  });
  afterEach(async () => {
    await clamav.stop('clamonacc');
    await agent.stop();
    rmSync(daily, { force: true });
  });
  afterAll(async () => {
    await clamav.stopAll();
    await collector.stop();
    folder.remove();
  });

  async function malwareIncidents(): Promise<{ kind: string }[]> {
    const { items } = (await collector.get('/api/v1/incidents?state=all')) as { items: { kind: string }[] };
    return items.filter(({ kind }) => kind === 'malware');
  }

  test('runs, and watches nothing by itself', () => {
    expect(status()).toMatchObject({
      read_state: 'ok',
      name: 'ClamAV',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      running: true,
      realtime: false,
      mode: 'on_demand',
      licence_status: 'free',
      source: clamav.config,
      problem: `no official signatures: ${daily} is missing`,
    });
  });

  test('a find is with the collector within five seconds, once, over restarts of the agent', async () => {
    agent.start();
    await until('the agent to be connected', () => agent.program.output.includes('connected'));
    const file = clamav.infect('hóa đơn.pdf.com');
    const startedAt = performance.now();
    expect(clamav.scan(file)).toContain(`${threat}.UNOFFICIAL FOUND`);
    await until('the incident', async () => (await malwareIncidents()).length > 0);
    const toIncident = (performance.now() - startedAt) / 1_000;
    process.stderr.write(`from the scan to the incident in the API: ${toIncident.toFixed(2)} s\n`);
    expect(toIncident).toBeLessThan(5);
    await until('the find', async () => (await detections('name')).length > 0);
    const seconds = (performance.now() - startedAt) / 1_000;
    process.stderr.write(`from the scan to the collector's store: ${seconds.toFixed(2)} s\n`);
    expect(seconds).toBeLessThan(5);
    expect(await detections('name')).toEqual([threat]);
    expect(await detections('object')).toEqual([file]);

    await agent.stop();
    agent.start();
    await until('the agent to be connected again', () => agent.program.output.includes('connected'));
    const second = clamav.infect('second.com');
    clamav.scan(second);
    await until('the second find', async () => (await detections('name')).length > 1);
    expect(await detections('object')).toEqual([file, second]);
  });

  test('what is found while the agent does not run is told when it does, over a rotation of the log', async () => {
    agent.start();
    await until('the agent to be connected', () => agent.program.output.includes('connected'));
    await until('the cursor', () => existsSync(join(agent.folder, 'antivirus-cursors.json')));
    await agent.stop();
    const before = (await detections('event')).length;
    clamav.scan(clamav.infect('third.com'));
    copyFileSync(clamav.log, `${clamav.log}.1`);
    writeFileSync(clamav.log, '');
    clamav.scan(clamav.infect('fourth.com'));
    agent.start();
    await until('both finds', async () => (await detections('event')).length >= before + 2);
    await wait(3_000);
    const events = await detections('event');
    expect(events).toHaveLength(before + 2);
    expect(new Set(events).size).toBe(events.length);
  });

  test('signatures that are old are told by their own date', () => {
    copyFileSync(header, daily);
    expect(status()).toMatchObject({ running: true });
    // clamd has loaded its own signature only, before these came.
    const twoHoursAgo = Date.now() / 1_000 - 7_200;
    utimesSync(daily, twoHoursAgo, twoHoursAgo);
    expect(status().problem).toBe('clamd works with signatures of its own although 6 are on the disk');
  });

  test('a stopped daemon does not run; the age of its signatures is known all the same', async () => {
    copyFileSync(header, daily);
    await clamav.stop();
    expect(status()).toMatchObject({
      read_state: 'ok',
      running: false,
      realtime: false,
      mode: 'not_running',
      signature_version: '6',
      signature_time_seconds: 1_624_412_045,
    });
    rmSync(daily);
    await clamav.start();
  });

  test('a broken database keeps the daemon from starting, and is named', async () => {
    await clamav.stop();
    writeFileSync(daily, 'ClamAV-VDB:broken');
    expect(await clamav.startInVain()).toBe(1);
    expect(status()).toMatchObject({ running: false, mode: 'not_running', problem: `${daily} is damaged` });
    rmSync(daily);
    await clamav.start();
    expect(status()).toMatchObject({ running: true });
  });

  test('on access: proven by the kernel, and what it stopped is told as blocked', async (context) => {
    if (process.getuid?.() !== 0 || !(await clamav.startOnAccess())) {
      context.skip('this kernel lets clamonacc watch nothing');
    }
    expect(status()).toMatchObject({ running: true, realtime: true, realtime_proven: true, mode: 'active' });
    agent.start();
    await until('the agent to be connected', () => agent.program.output.includes('connected'));
    // Its log is known to the agent before there is a find in it.
    await wait(3_000);
    const before = (await detections('event')).length;
    const file = clamav.infect('opened.com', clamav.watched);
    expect(clamav.openAsSomebody(file)).toBe(false);
    await until('the find', async () => (await detections('event')).length > before);
    await until('that it was blocked', async () => (await detections('action')).includes('blocked'));
    await clamav.stop('clamonacc');
    expect(status()).toMatchObject({ running: true, realtime: false, mode: 'on_demand' });
  });
});

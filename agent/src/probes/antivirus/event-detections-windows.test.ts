/** Detections of Kaspersky, Symantec and ESET on Windows, on samples that were typed by hand. */
import { describe, expect, it } from 'vitest';
import { parseWindowsEvents, type WindowsEvent } from '../../system/event-xml.ts';
import { context, FakeWindows, sample, signal } from '../windows/testing/fake-windows.ts';
import { esetDetections, parseVirlog } from './eset-detections-windows.ts';
import { kasperskyDetection, kasperskyEvents } from './kaspersky-events-windows.ts';
import type { DetectionSource } from './product-status.ts';
import { windowsAntivirus } from './readers-windows.ts';
import { symantecDetection, symantecEvents } from './symantec-events-windows.ts';

const now = Date.UTC(2026, 10, 20, 12);
const eventOf = (...texts: string[]): WindowsEvent => ({ id: 1, record: 5, time: now, data: new Map(), texts });
const read = (source: DetectionSource | undefined, fake: FakeWindows, before?: unknown) =>
  source?.read(before, context(fake, now), signal);

describe('Kaspersky', () => {
  const fake = () =>
    new FakeWindows().services({ 'AVP21.15': 'running' }).answer('wevtutil.exe', sample('wevtutil-kaspersky.xml'));

  it('is read in the words of each version', async () => {
    const found = await read(kasperskyEvents(fake().machine), fake());
    expect(found?.detections.map(({ name, action, resolved }) => [name, action, resolved])).toEqual([
      ['HEUR:Trojan.Win32.Agent.gen', 'detected', false],
      ['HEUR:Trojan.Win32.Agent.gen', 'removed', true],
      ['EICAR-Test-File', 'detected', false],
      ['EICAR-Test-File', 'failed', false],
      ['HEUR:Trojan-Ransom.Win32.Generic.a', 'removed', true],
    ]);
    expect(found?.cursor).toEqual({ record: 46, time: Date.parse('2026-11-20T03:10:00.123Z') });
  });

  it('tells of one detection under one id', async () => {
    const found = await read(kasperskyEvents(fake().machine), fake());
    expect(new Set(found?.detections.map(({ id }) => id)).size).toBe(3);
  });

  it('knows path, hash, kind and severity', () => {
    const [first, , , second, , third] = parseWindowsEvents(sample('wevtutil-kaspersky.xml')).events;
    expect(first && kasperskyDetection(first)).toMatchObject({
      object: 'C:\\Users\\nguyenvana\\Downloads\\hoa don.exe',
      objectKind: 'file',
      severity: 'high',
      category: 'trojan',
    });
    expect(second && kasperskyDetection(second)).toMatchObject({
      object: 'C:\\Users\\tranthib\\Tải xuống\\eicar.com',
      category: 'test',
      sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
    });
    expect(third && kasperskyDetection(third)).toMatchObject({
      object: 'D:\\Hồ sơ\\báo cáo & biểu mẫu.scr',
      category: 'ransomware',
    });
  });

  it('is understood by the shape of its values where the labels are not known', () => {
    const text =
      'Événement: Objet supprimé\r\nNom: Backdoor.Win32.X.a\r\nFichier: E:\\a\\b.exe\r\nFichier 2: System.Data.dll';
    expect(kasperskyDetection(eventOf(text))).toMatchObject({
      name: 'Backdoor.Win32.X.a',
      object: 'E:\\a\\b.exe',
      action: 'detected',
      resolved: false,
    });
  });

  it.each([
    '',
    'Event type: Application databases updated',
    'Object\\Name: System.Data.dll',
    'Name: svchost.exe\r\nType: Program',
    ': \r\n:\r\n::: ',
  ])('has no detection in %j', (text) => {
    expect(kasperskyDetection(eventOf(text))).toBeUndefined();
  });
});

describe('Symantec', () => {
  const file = 'C:\\Windows\\System32\\winevt\\Logs\\Symantec Endpoint Protection Client.evtx';
  const fake = () =>
    new FakeWindows().services({ SepMasterService: 'running' }).answer('wevtutil.exe', sample('wevtutil-symantec.xml'));

  it('is read from its own channel', async () => {
    const windows = fake();
    windows.files.add(file);
    const [own, common] = symantecEvents(windows.machine);
    const found = await read(own, windows);
    expect(found?.detections.map(({ name, object, action, resolved }) => [name, object, action, resolved])).toEqual([
      ['Trojan.Gen.2', 'C:\\Users\\phamvand\\AppData\\Roaming\\CAP NHAT\\cap nhat.exe', 'quarantined', true],
      ['W97M.Downloader', 'E:\\Công văn\\mẫu 01.doc', 'failed', false],
      ['EICAR Test String', 'C:\\temp\\eicar.com', 'removed', true],
    ]);
    expect((await read(common, windows))?.detections).toEqual([]);
    expect(windows.count('wevtutil.exe')).toBe(1);
  });

  it('of older versions is read from the channel of all programs', async () => {
    const windows = fake();
    const [own, common] = symantecEvents(windows.machine);
    expect((await read(own, windows))?.detections).toEqual([]);
    expect((await read(common, windows))?.detections).toHaveLength(3);
    expect(windows.started.at(-1)).toContain("EventID=51 and Provider[@Name='Symantec AntiVirus']");
    expect(common?.mark?.()).toBeUndefined();
  });

  it.each(['', 'Security Risk Found!', 'Security Risk Found! X in File: C:\\a', 'Scan Complete:  Risks: 0'])(
    'has no detection in %j',
    (text) => {
      expect(symantecDetection(eventOf(text))).toBeUndefined();
    },
  );
});

describe('ESET', () => {
  const ermm = 'C:\\Program Files\\ESET\\ESET Security\\ermm.exe';
  const allowed = () => {
    const fake = new FakeWindows().services({ ekrn: 'running' });
    fake.files.add(ermm);
    return fake
      .answer('ermm.exe get protection-status', sample('eset-ermm-protection-status-ok.json'))
      .answer('ermm.exe get logs', sample('eset-ermm-logs-virlog.json'));
  };
  const found = new Date(2026, 8, 1, 10, 11, 12).getTime();

  it('is read from its list', () => {
    expect(parseVirlog(sample('eset-ermm-logs-virlog.json'))).toEqual([
      expect.objectContaining({
        time: found,
        product: 'eset',
        name: 'Eicar',
        category: 'test',
        object: 'C:\\Users\\a\\Downloads\\eicar.com',
        objectKind: 'file',
        action: 'removed',
        resolved: true,
        sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
      }),
    ]);
  });

  it('has an empty list, and an answer that is none', () => {
    expect(parseVirlog(sample('eset-ermm-logs-empty-error3.json'))).toEqual([]);
    expect(() => parseVirlog('RMM is disabled')).toThrow('gives no list');
    expect(parseVirlog('{"result":{"virlog":{"logs":[{"Time":"hôm qua","Threat Name":"x"},7]}}}')).toEqual([]);
  });

  it('gives what is written in the same second once, whenever it is written', async () => {
    const fake = allowed();
    const source = esetDetections(fake.machine);
    const cursor = { time: found, known: [] };
    const first = await read(source, fake, cursor);
    expect(first?.detections).toHaveLength(1);
    const again = await read(source, fake, first?.cursor);
    expect(again).toEqual({ detections: [], cursor: first?.cursor });
    const [entry] = sample('eset-ermm-logs-virlog.json').match(/\{"Time".*?\}/) ?? [''];
    const both = sample('eset-ermm-logs-virlog.json').replace(entry, `${entry},${entry.replace('Eicar', 'Eicar2')}`);
    fake.answer('ermm.exe get logs', both);
    const third = await read(source, fake, JSON.parse(JSON.stringify(first?.cursor)));
    expect(third?.detections.map(({ name }) => name)).toEqual(['Eicar2']);
    expect((await read(source, fake, third?.cursor))?.detections).toEqual([]);
    expect(fake.started.at(-1)).toBe('ermm.exe get logs --name virlog --start-date 2026-09-01 10-11-12');
  });

  it('is not asked for its list where remote monitoring is not allowed', async () => {
    const fake = allowed().answer('ermm.exe get protection-status', 'RMM is disabled');
    expect((await read(esetDetections(fake.machine), fake))?.detections).toEqual([]);
    expect(fake.count('ermm.exe')).toBe(1);
  });
});

it('starts nothing for products that are not here', async () => {
  const fake = new FakeWindows().services({});
  for (const source of windowsAntivirus(fake.machine).sources) {
    expect(await read(source, fake)).toEqual({ detections: [], cursor: undefined });
  }
  expect(fake.started).toEqual(['sc.exe query type= service state= all bufsize= 262144']);
});

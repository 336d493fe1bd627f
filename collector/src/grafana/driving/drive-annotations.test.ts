import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IncidentKind } from '../../incidents/incident.ts';
import { Driven } from './testing/driven.ts';

let driven: Driven;

beforeEach(async () => {
  driven = new Driven();
  await driven.pass(1_000);
});
afterEach(() => driven.stop());

function report(kind: IncidentKind, subject: string, unit = 'XA') {
  const evidence = { at: driven.clock.now, what: 'seen', facts: {} };
  return driven.incidents.report({ kind, severity: 'critical', subject, unit, evidence });
}

function open(agent: string, incident: number) {
  const outage = driven.outages.open({
    agent,
    hostname: `may-${agent}`,
    unit: 'XA',
    class: 'server',
    beganAt: driven.clock.now - 20_000,
    verdict: 'unknown',
    confidence: 'low',
    evidence: [],
  });
  driven.outages.save({ ...outage, incident });
  return driven.outages.get(outage.id);
}

describe('an outage', () => {
  test('is a region with its verdict and unit, from when it was heard last to its end', async () => {
    const began = driven.clock.now;
    const { id } = report('unit-unreachable', 'XA');
    for (const agent of ['a-1', 'a-2']) open(agent, id);
    await driven.pass(29_000);
    expect(driven.grafana.annotations.size).toBe(0);
    await driven.pass(2_000);
    expect([...driven.grafana.annotations.values()]).toEqual([
      {
        id: 1,
        time: began - 20_000,
        tags: ['vonggac', expect.stringMatching(/^ev:[0-9a-f]{16}$/), 'outage', 'unit-unreachable', 'unit:XA'],
        text: `Mất liên lạc với đơn vị.
Đơn vị: Xã Quảng Phú (XA).
Kết luận: chưa rõ nguyên nhân.
Số máy: 2.
Sự cố số ${id}`,
      },
    ]);
    driven.incidents.resolve('unit-unreachable', 'XA', driven.clock.now);
    await driven.pass(3_000);
    expect(driven.grafana.annotations.get(1)).toMatchObject({ timeEnd: driven.clock.now - 3_000 });
    expect(driven.grafana.writes).toEqual(['POST /api/annotations', 'PATCH /api/annotations/1']);
    await driven.pass(60_000);
    expect(driven.grafana.writes).toHaveLength(2);
  });

  test('a verdict that is revised after its end changes its annotation', async () => {
    const { id } = report('unit-unreachable', 'XA');
    const outage = open('a-1', id);
    driven.incidents.resolve('unit-unreachable', 'XA', driven.clock.now);
    await driven.pass(3_000);
    expect(driven.texts()[0]).toContain('chưa rõ nguyên nhân');
    if (outage) driven.outages.save({ ...outage, endedAt: driven.clock.now, verdict: 'unit-power-loss' });
    const evidence = { at: driven.clock.now, what: 'unit-power-loss', facts: { why: 'several-machines-started' } };
    driven.incidents.amend(id, evidence);
    await driven.pass(3_600_000);
    expect(driven.texts()).toEqual([expect.stringContaining('Kết luận: đơn vị mất điện')]);
  });

  test('of a machine names it; what turns out to be the unit’s within moments is none', async () => {
    driven.addAgent('a-1');
    driven.addAgent('a-2');
    report('machine-offline', 'a-1');
    const early = report('machine-offline', 'a-2');
    driven.incidents.fold(early.id, { at: driven.clock.now + 5_000, note: 'told by incident 9' });
    await driven.pass(40_000);
    const outages = [...driven.grafana.annotations.values()].filter(({ tags }) => tags.includes('outage'));
    expect(outages).toMatchObject([{ tags: expect.arrayContaining(['unit:XA', 'agent:a-1']) }]);
    expect(outages[0]?.text).toContain('Đối tượng: may-a-1');
  });

  test('of 150 units makes one annotation each, some at a time', async () => {
    for (let n = 0; n < 150; n += 1) {
      const { id } = report('unit-unreachable', `X${n}`, `X${n}`);
      for (let machine = 0; machine < 10; machine += 1) open(`a-${n}-${machine}`, id);
    }
    await driven.pass(31_000);
    expect(driven.grafana.annotations.size).toBe(15);
    for (let tick = 0; tick < 12; tick += 1) await driven.pass(3_000);
    expect(driven.grafana.annotations.size).toBe(150);
    expect(driven.grafana.writes).toHaveLength(150);
  });
});

test('malware waits for nothing; what else is open is told once somebody acknowledges it', async () => {
  report('malware', 'XA/Eicar<script>');
  const disk = report('disk-full', 'a-1');
  await driven.pass(1_000);
  expect(driven.texts()).toEqual([expect.stringContaining('Phát hiện mã độc.\nĐối tượng: XA/Eicar‹script›')]);
  driven.incidents.acknowledge(disk.id, { at: driven.clock.now, by: 'Nguyễn An', note: 'đang thay đĩa <b>' });
  await driven.pass(1_000);
  expect(driven.texts()[1]).toMatch(
    /^Ổ đĩa đầy\.\nĐối tượng: a-1\.\n.*\n.*\nĐã nhận bởi Nguyễn An lúc .*: đang thay đĩa ‹b›$/u,
  );
  driven.incidents.close(disk.id, { at: driven.clock.now, by: 'Bình', note: 'xong' });
  await driven.pass(1_000);
  expect(driven.texts()[1]).toMatch(/Đã nhận bởi Nguyễn An lúc [^\n]*\.\nĐã đóng bởi Bình lúc .*: xong$/u);
});

test('what was open before driving began is told, what was over is not', async () => {
  await driven.stop();
  driven = new Driven();
  report('link-down', 'XA/cu');
  driven.incidents.resolve('link-down', 'XA/cu', driven.clock.now);
  report('link-down', 'XA/moi');
  await driven.pass(60_000);
  expect(driven.texts()).toEqual([expect.stringContaining('XA/moi')]);
});

describe('Grafana away', () => {
  test('for a day: all of it comes later, once each', async () => {
    driven.grafana.isAway = true;
    report('link-down', 'XA/a');
    await driven.pass(60_000);
    driven.incidents.resolve('link-down', 'XA/a', driven.clock.now);
    report('malware', 'XA/b');
    await driven.pass(12 * 3_600_000);
    await driven.restart();
    await driven.pass(12 * 3_600_000);
    expect(driven.grafana.writes).toEqual([]);
    expect(await driven.metric('vonggac_grafana_annotations_waiting')).toEqual({ '': 2 });
    expect(await driven.metric('vonggac_grafana_reached')).toEqual({ '': 0 });
    driven.grafana.isAway = false;
    await driven.pass(300_000);
    await driven.pass(300_000);
    expect(driven.grafana.writes).toEqual(['POST /api/annotations', 'POST /api/annotations']);
    expect(await driven.metric('vonggac_grafana_annotations_total')).toEqual({ sent: 2 });
    expect(await driven.metric('vonggac_grafana_reached')).toEqual({ '': 1 });
    expect(driven.log.filter((line) => /^cannot drive.*annotations/.test(line))).toHaveLength(2);
  });

  test('with its answer lost: the annotation is found again, not made twice', async () => {
    driven.grafana.lostAnswers = 1;
    report('malware', 'XA/b');
    await driven.pass(1_000);
    expect(await driven.metric('vonggac_grafana_annotations_waiting')).toEqual({ '': 1 });
    await driven.restart();
    await driven.pass(20_000);
    expect(driven.grafana.annotations.size).toBe(1);
    expect(await driven.metric('vonggac_grafana_annotations_waiting')).toEqual({ '': 0 });
  });

  test('is asked less and less often, and no log line repeats', async () => {
    driven.grafana.isAway = true;
    report('malware', 'XA/b');
    for (let tick = 0; tick < 1_200; tick += 1) await driven.pass(3_000);
    // A reading is tried four times, at once only in this test.
    expect(driven.grafana.calls).toBeLessThan(160);
    expect(driven.log).toHaveLength(2);
  });
});

test('one that Grafana refuses for itself is given up, and those behind it are sent', async () => {
  driven.grafana.refusal = { status: 400, times: 1 };
  report('malware', 'XA/a');
  report('malware', 'XA/b');
  await driven.pass(1_000);
  expect(driven.texts()).toEqual([expect.stringContaining('XA/b')]);
  expect(await driven.metric('vonggac_grafana_annotations_total')).toEqual({ failed: 1, sent: 1 });
});

test('a wrong token loses nothing and is read again from its file', async () => {
  driven.grafana.refusal = { status: 401, times: 1 };
  report('malware', 'XA/a');
  await driven.pass(1_000);
  expect(driven.log[0]).toContain('the token is wrong');
  writeFileSync(join(driven.folder, 'token'), 'glsa_moi\n');
  await driven.pass(20_000);
  expect(driven.grafana.annotations.size).toBe(1);
});

test('a maintenance window is a region from its beginning, shorter when it is cancelled', async () => {
  const from = driven.clock.now + 600_000;
  const to = from + 3_600_000;
  const window = driven.calendars.windows.add(
    { unit: 'XA', from, to, reason: 'thay máy chủ' },
    { by: 'an', now: driven.clock.now },
  );
  await driven.pass(60_000);
  expect(driven.grafana.annotations.size).toBe(0);
  await driven.pass(600_000);
  expect([...driven.grafana.annotations.values()]).toMatchObject([{ time: from, timeEnd: to }]);
  expect(driven.texts()[0]).toBe('Bảo trì: thay máy chủ.\nĐơn vị: XA.\nLịch số 1, an lập');
  driven.calendars.windows.cancel(window.id, { by: 'bình', now: driven.clock.now });
  const cancelledAt = driven.clock.now;
  await driven.pass(60_000);
  expect(driven.grafana.annotations.get(1)).toMatchObject({ time: from, timeEnd: cancelledAt });
  expect(driven.texts()[0]).toContain('bình đã hủy');
});

test('machines that come, change and go are told by unit and hour', async () => {
  driven.addAgent('a-1');
  driven.addAgent('a-2');
  await driven.pass(3_000);
  driven.addAgent('a-3');
  await driven.pass(3_000);
  expect(driven.texts()).toEqual(['Máy mới cài tác tử: 3.\nĐơn vị: XA.\nmay-a-1, may-a-2, may-a-3']);
  const { now: at } = driven.clock;
  driven.addAgent('a-1', { version: '1.1.0', enrolledAt: at - 1_000 });
  driven.addAgent('a-2', { revokedAt: at, enrolledAt: at - 1_000 });
  await driven.restart();
  await driven.pass(3_000);
  await driven.pass(3_000);
  expect(driven.texts().slice(1)).toEqual([
    'Máy ngừng giám sát: 1.\nĐơn vị: XA.\nmay-a-2',
    'Tác tử đổi phiên bản: 1.\nĐơn vị: XA.\nmay-a-1 (1.1.0)',
  ]);
  expect(driven.grafana.annotations.get(2)?.tags).toEqual(
    expect.arrayContaining(['vonggac', 'machine', 'retired', 'unit:XA', 'agent:a-2']),
  );
});

test('what could not be kept is kept at the next time, and nothing else suffers', async () => {
  const failing = { list: driven.outages.list.bind(driven.outages) };
  driven.outages.list = () => {
    throw new Error('the disk is full');
  };
  report('malware', 'XA/a');
  driven.addAgent('a-1');
  await driven.pass(1_000);
  expect(driven.log).toEqual([expect.stringContaining('the disk is full')]);
  driven.outages.list = failing.list;
  await driven.pass(1_000);
  expect(driven.texts()).toHaveLength(2);
});

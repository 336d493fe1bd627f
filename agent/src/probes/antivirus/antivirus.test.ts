import { beforeEach, expect, test } from 'vitest';
import { antivirusProbe } from './antivirus.ts';
import type { AntivirusReader, ProductStatus } from './product-status.ts';

let statuses: ProductStatus[];
let isPresent: boolean;
let failure: Error | undefined;
let time: number;
let probe: ReturnType<typeof antivirusProbe>;

const reader: AntivirusReader = {
  name: 'clamav',
  isPresent: () => isPresent,
  async read() {
    if (failure) throw failure;
    return statuses;
  },
};

beforeEach(() => {
  statuses = [{ product: 'clamav', readState: 'ok', running: true }];
  isPresent = true;
  failure = undefined;
  time = 1_795_430_400_000;
  probe = antivirusProbe([reader]);
});

/** What is sent a minute later, as `product: field=value …`. */
async function nextMinute(): Promise<string[]> {
  time += 60_000;
  const result = await probe.collect({ time, monotonicMs: () => time }, new AbortController().signal);
  if (result.status !== 'measured') throw new Error(result.reason);
  return result.points.map(
    ({ tags, fields }) =>
      `${tags.product}: ${Object.entries(fields)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
  );
}

test('a product is told of at once, when it changes, and every ten minutes', async () => {
  expect(await nextMinute()).toEqual(['clamav: read_state=ok running=true']);
  for (let minute = 1; minute < 10; minute += 1) expect(await nextMinute(), `minute ${minute}`).toEqual([]);
  expect(await nextMinute()).toHaveLength(1);
  statuses = [{ product: 'clamav', readState: 'ok', running: false }];
  expect(await nextMinute()).toEqual(['clamav: read_state=ok running=false']);
  expect(await nextMinute()).toEqual([]);
});

test('the whole model, in the units of the catalogue; what is not known is left out', async () => {
  const at = Date.UTC(2026, 10, 20);
  statuses = [
    {
      product: 'other-x',
      readState: 'ok',
      name: 'X \u001b[31m',
      realtimeProven: true,
      mode: 'active',
      signatureTime: at,
      updateAttempt: at,
      updateSucceeded: false,
      outOfDate: false,
      quickScan: 0,
      fullScan: -11_644_473_600_000,
      licenceExpires: at,
      pendingAction: 'reboot',
      problem: '',
    },
  ];
  const seconds = at / 1_000;
  expect(await nextMinute()).toEqual([
    `other-x: read_state=ok name=X  [31m realtime_proven=true mode=active signature_time_seconds=${seconds} ` +
      `update_attempt_seconds=${seconds} update_succeeded=false out_of_date=false ` +
      `licence_expires_seconds=${seconds} pending_action=reboot`,
  ]);
});

test('one that is removed says so once; then there is none, which is said again and again', async () => {
  await nextMinute();
  isPresent = false;
  expect((await nextMinute()).sort()).toEqual(['clamav: read_state=absent', 'none: read_state=absent']);
  for (let minute = 1; minute < 10; minute += 1) expect(await nextMinute()).toEqual([]);
  expect(await nextMinute()).toEqual(['none: read_state=absent']);
  isPresent = true;
  expect(await nextMinute()).toEqual(['clamav: read_state=ok running=true']);
});

test('two readers of one product: the first one counts', async () => {
  const other: AntivirusReader = { ...reader, read: async () => [{ product: 'clamav', readState: 'unsupported' }] };
  probe = antivirusProbe([reader, other]);
  expect(await nextMinute()).toEqual(['clamav: read_state=ok running=true']);
});

test('a reader that breaks is an error of its product and a failure of the probe; the others go on', async () => {
  failure = new Error('EIO');
  const other: AntivirusReader = { ...reader, name: 'x', read: async () => [{ product: 'x', readState: 'ok' }] };
  probe = antivirusProbe([reader, other]);
  const result = await probe.collect({ time, monotonicMs: () => 0 }, new AbortController().signal);
  expect(result).toMatchObject({
    status: 'measured',
    incomplete: 'clamav: EIO',
    points: [
      { tags: { product: 'clamav' }, fields: { read_state: 'error', problem: 'EIO' } },
      { tags: { product: 'x' }, fields: { read_state: 'ok' } },
    ],
  });
});

test('a clock that is set back does not silence it', async () => {
  await nextMinute();
  time -= 86_400_000;
  expect(await nextMinute()).toHaveLength(1);
});

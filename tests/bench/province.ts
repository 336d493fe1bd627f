/**
 * Figures that need a network: `npm run bench:province -- [--cuts 10] [--json]`, as root. In a province of namespaces it
 * silences a commune's line again and again and looks how soon a real agent has measured that, and counts what one
 * whole sweep of a /24 puts on the LAN, at the gateway's interface.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '../harness/program.ts';
import { Offices } from '../harness/province/offices.ts';
import { Province } from '../harness/province/province.ts';

const goal = { detectionSeconds: 20, censusBytesPerHour: 100_000 } as const;
/** 254 addresses, 4 a second, and what the kernel asks after the last. */
const sweepMs = 75_000;
const silentMs = 25_000;

const { values: flags } = parseArgs({ options: { cuts: { type: 'string' }, json: { type: 'boolean' } } });
const cuts = Number(flags.cuts ?? 10);

const province = new Province();
const offices = new Offices(province);

/** The resolver stands in the data centre: what the machine itself looks at beyond the line. */
async function measured(): Promise<readonly (readonly [number, unknown])[]> {
  return offices.history('pc11', { target: 'resolver-1', field: 'up' });
}

/** Seconds from the cut to the first measurement that says so. */
async function detection(): Promise<number> {
  await until('the link to be up', async () => (await measured()).at(-1)?.[1] === 1, 120_000);
  // Somewhere between two checks.
  await wait(Math.random() * 15_000);
  province.faults.silence('gw1.tslcd');
  const cutAt = Date.now();
  await wait(silentMs);
  province.faults.clear('gw1.tslcd');
  const down = await until(
    'the measurement of the cut',
    async () => (await measured()).find(([time, up]) => time >= cutAt && up === 0),
    120_000,
  );
  return (down[0] - cutAt) / 1_000;
}

async function census(): Promise<{ sweepBytes: number; idleBytes: number }> {
  const total = () => {
    const { sent, received } = province.traffic('gw2', 'lan');
    return sent + received;
  };
  const before = total();
  await wait(sweepMs);
  const idleBefore = total();
  offices.enrol('gw2', { class: 'gateway' }).start();
  await wait(sweepMs);
  const after = total();
  return { sweepBytes: after - idleBefore, idleBytes: idleBefore - before };
}

try {
  await province.start();
  await offices.start();
  offices.enrol('pc11', { class: 'pc' }).start();
  const seconds: number[] = [];
  for (let i = 0; i < cuts; i += 1) seconds.push(await detection());
  seconds.sort((a, b) => a - b);
  const { sweepBytes, idleBytes } = await census();
  const figures = {
    detection_seconds: { median: seconds[Math.floor(cuts / 2)], max: seconds.at(-1), goal: goal.detectionSeconds },
    census_bytes_per_hour: { value: sweepBytes - idleBytes, goal: goal.censusBytesPerHour },
  };
  if (flags.json) console.log(JSON.stringify(figures));
  else {
    const { median, max } = figures.detection_seconds;
    console.log(`cut line measured as down   median ${median?.toFixed(1)} s   max ${max?.toFixed(1)} s   (goal 20 s)`);
    console.log(`census of a /24, one sweep an hour   ${figures.census_bytes_per_hour.value} B   (goal 100000 B)`);
  }
} finally {
  await offices.stop();
  await province.stop();
}

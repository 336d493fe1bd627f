/**
 * What checking 50 targets each 15 s costs: `npm run bench:connectivity -- [--minutes 3] [--json]`. A real agent gets them
 * pushed and checks servers of this process on the machine's own address; processor time is that of the agent and of
 * the programs it starts, from `/proc/<pid>/stat`. First without targets, then with them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Baselines, decodePoints, isUnicastAddress, type Point } from '@vonggac/shared';
import { makeKey, saveIdentity } from '../../agent/src/identity.ts';
import { dnsAnswer } from '../../agent/src/probes/connectivity/testing/dns-answer.ts';
import { LocalServers } from '../../agent/src/probes/connectivity/testing/local-server.ts';
import { ntpAnswer } from '../../agent/src/probes/connectivity/testing/ntp-answer.ts';
import { makeCertificate } from '../../collector/src/trust/testing/certificate.ts';
import { AgentProcess, temporaryFolder, until } from '../harness/program.ts';
import { StubCollector, welcomeAndAck } from '../harness/stub-collector.ts';

/** As in a unit with a server of its own. */
const mix = { icmp: 10, tcp: 15, dns: 10, http: 10, https: 2, tls: 2, ntp: 1 } as const;
const everySeconds = 15;
/** Start-up, the inventory, the first garbage collections; once more after the targets came. */
const warmUpMs = 45_000;
/** USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

const { values: flags } = parseArgs({ options: { minutes: { type: 'string' }, json: { type: 'boolean' } } });
const minutes = Number(flags.minutes ?? 3);

const address = Object.values(networkInterfaces())
  .flat()
  .find((own) => own?.family === 'IPv4' && isUnicastAddress(own.address))?.address;
if (address === undefined) throw new Error('this machine has no IPv4 address but its loopback');

/** Seconds of processor time: of the agent, and of the programs that it started and that have ended. */
function cpuTime(pid: number): { own: number; children: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return { own: (user + system) / ticksPerSecond, children: (childUser + childSystem) / ticksPerSecond };
}

/** Percent of one core over the measured minutes. */
async function measure(pid: number): Promise<{ own: number; children: number }> {
  const before = cpuTime(pid);
  const startedAt = performance.now();
  await wait(minutes * 60_000);
  const after = cpuTime(pid);
  const seconds = (performance.now() - startedAt) / 1_000;
  const percent = (name: 'own' | 'children') => Number((((after[name] - before[name]) / seconds) * 100).toFixed(3));
  return { own: percent('own'), children: percent('children') };
}

function connectivityPoints(collector: StubCollector): Point[] {
  const baselines = new Baselines();
  const bounds = { earliest: 0, latest: Number.POSITIVE_INFINITY };
  return collector.received
    .flatMap((message) =>
      message.type === 'batch' ? decodePoints(message.data, { sent: message.sent, bounds, baselines }).points : [],
    )
    .filter(({ measurement }) => measurement === 'connectivity');
}

const folder = temporaryFolder();
const servers = new LocalServers();
const collector = new StubCollector();
const agent = new AgentProcess(join(folder.path, 'agent'));
try {
  const { cert, key } = await makeCertificate({ names: [address] });
  const page = '<!doctype html><title>Cổng dịch vụ công</title>'.padEnd(8_192, '.');
  const tcp = await servers.add(
    createTcpServer((socket) => socket.resume()),
    address,
  );
  const http = await servers.add(
    createHttpServer((_request, response) => response.end(page)),
    address,
  );
  const https = await servers.add(
    createHttpsServer({ cert, key }, (_request, response) => response.end(page)),
    address,
  );
  const record = [1, Buffer.from([10, 0, 0, 1])] as const;
  const dns = await servers.udp((question, reply) => reply(dnsAnswer(question, { records: [record] })), address);
  const ntp = await servers.udp((request, reply) => reply(ntpAnswer(request)), address);
  const urls: Readonly<Record<keyof typeof mix, string>> = {
    icmp: `icmp://${address}`,
    tcp: `tcp://${address}:${tcp}`,
    dns: `dns://${address}:${dns}/portal.example.vn`,
    http: `http://${address}:${http}/`,
    https: `https://${address}:${https}/`,
    tls: `tls://${address}:${https}`,
    ntp: `ntp://${address}:${ntp}`,
  };
  const targets = Object.entries(mix).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, n) => ({
      id: `${kind}-${n}`,
      url: urls[kind as keyof typeof mix],
      scope: 'service',
      every: everySeconds,
      // Half of the pages are read through.
      ...(kind === 'http' && n % 2 === 0 && { keyword: 'dịch vụ công' }),
    })),
  );
  await collector.start(join(folder.path, 'collector'));
  saveIdentity(agent.folder, {
    agent: 'a-1',
    unit: 'DV',
    class: 'server',
    addresses: [collector.address],
    pins: [collector.pin],
    privateKey: makeKey(),
  });
  const certificateFile = join(folder.path, 'roots.pem');
  writeFileSync(certificateFile, cert);
  agent.start({ NODE_EXTRA_CA_CERTS: certificateFile });
  await until('the agent', () => collector.count('batch') > 0);
  await wait(warmUpMs);
  const without = await measure(agent.program.pid);
  // Settings are sent with the welcome of the next connection.
  collector.answer = (message, send) => {
    welcomeAndAck(message, send);
    if (message.type === 'hello') send({ type: 'config', revision: 2, schedules: {}, connectivity: { targets } });
  };
  collector.disconnect();
  await wait(warmUpMs);
  const from = Date.now();
  const withTargets = await measure(agent.program.pid);
  const points = connectivityPoints(collector).filter(({ time, tags }) => time >= from && tags.scope === 'service');
  const sum = (name: string) => points.reduce((total, { fields }) => total + Number(fields[name] ?? 0), 0);
  const total = withTargets.own + withTargets.children;
  const figures = {
    minutes,
    targets: targets.length,
    checks: sum('checks'),
    failed_checks: sum('failed_checks'),
    before_percent_of_a_core: Number((without.own + without.children).toFixed(3)),
    agent_percent_of_a_core: withTargets.own,
    pings_percent_of_a_core: withTargets.children,
    total_percent_of_a_core: Number(total.toFixed(3)),
    targets_percent_of_a_core: Number((total - without.own - without.children).toFixed(3)),
  };
  if (flags.json === true) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    for (const [name, value] of Object.entries(figures)) {
      process.stdout.write(
        `${name.padEnd(30)} ${String(value).padStart(8)}${name.startsWith('total') ? '   goal < 1' : ''}\n`,
      );
    }
  }
} finally {
  await agent.stop();
  await collector.stop();
  servers.stop();
  folder.remove();
}

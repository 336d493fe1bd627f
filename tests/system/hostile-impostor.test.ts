/** Row 32 of the attacks: an agent in front of somebody who is not its collector. */
import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Authority } from '../../collector/src/trust/authority.ts';
import { enrolByHand } from '../harness/enrol-by-hand.ts';
import { AgentProcess, temporaryFolder, until } from '../harness/program.ts';
import { StubCollector } from '../harness/stub-collector.ts';

let folder: ReturnType<typeof temporaryFolder>;
let collector: StubCollector;
let agent: AgentProcess;
const servers: Server[] = [];

beforeEach(async () => {
  folder = temporaryFolder();
  collector = new StubCollector();
  await collector.start(join(folder.path, 'collector'));
  agent = new AgentProcess(join(folder.path, 'agent'));
});

afterEach(async () => {
  expect(agent.program.output).not.toMatch(/\n\s+at /);
  expect(await agent.stop()).toBe(0);
  await collector.stop();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  folder.remove();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Milliseconds that the agent has said it will wait, one after the other. */
function waits(): number[] {
  return [...agent.program.output.matchAll(/"waitMs":(\d+)/g)].map(([, ms]) => Number(ms));
}

test.each([
  ['with an authority of its own', 'authority is not the one'],
  ['with a certificate for the right name that another authority signed', 'authority is not the one'],
  ['with a certificate that signs itself', 'did not show a certificate signed by its own authority'],
])('from somebody %s the agent hangs up before it says anything, and tries again later', async (kind, problem) => {
  const said: Buffer[] = [];
  const credentials = await new Authority(join(folder.path, 'other'), Date.now).credentials();
  // The leaf alone: its authority cannot be seen.
  const leaf = `${String(credentials.cert).split('-----END CERTIFICATE-----')[0]}-----END CERTIFICATE-----\n`;
  const server = createHttps({ ...credentials, ...(kind.includes('itself') && { cert: leaf }) });
  server.on('secureConnection', (socket) => socket.on('data', (bytes: Buffer) => said.push(bytes)));
  enrolByHand(agent, { addresses: [await listen(server)], pin: collector.pin });
  agent.start();
  await until('three attempts', () => waits().length >= 3, 30_000);
  expect(agent.program.output).toContain(problem);
  expect(Buffer.concat(said).toString()).toBe('');
  // Full jitter: nobody's waits are round numbers, or all the same.
  expect(new Set(waits()).size).toBe(waits().length);
  for (const ms of waits()) expect(ms).toBeGreaterThanOrEqual(1_000);
  expect(readFileSync(join(agent.folder, 'status.json'), 'utf8')).toContain(problem);
});

test.each([
  ['plain HTTP', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a redirect in the clear', 'HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n\r\n'],
  ['noise', '\u0016\u0003\u0001\u00ff\u00ff'.repeat(5_000)],
  ['nothing', ''],
])('from an address that answers with %s the agent goes on to the next', async (_, answer) => {
  const said: Buffer[] = [];
  const server = createTcp((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => said.push(bytes));
    if (answer !== '') socket.end(answer, 'latin1');
  });
  const other = await listen(server);
  enrolByHand(agent, { addresses: [other, collector.address], pin: collector.pin });
  agent.start();
  await until('the session at the second address', () => collector.count('hello') > 0, 60_000);
  expect(Buffer.concat(said).includes('a-1')).toBe(false);
});

test('a redirect is not followed', async () => {
  let visits = 0;
  const target = await listen(createTcp(() => (visits += 1)));
  const credentials = await new Authority(join(folder.path, 'collector'), Date.now).credentials();
  const server = createHttps({ ...credentials, minVersion: 'TLSv1.3' });
  server.on('upgrade', (_request, socket) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: https://${target}/agent/v1\r\nContent-Length: 0\r\n\r\n`),
  );
  enrolByHand(agent, { addresses: [await listen(server)], pin: collector.pin });
  agent.start();
  await until('two attempts', () => waits().length >= 2, 30_000);
  expect(agent.program.output).toContain('Unexpected server response: 302');
  expect(visits).toBe(0);
});

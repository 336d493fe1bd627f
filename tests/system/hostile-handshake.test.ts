/** Rows 1 to 8 of the attacks: TCP, TLS and HTTP. */
import { setTimeout as wait } from 'node:timers/promises';
import { agentPath, enrolPath } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Line, tcpLine, tlsLine, upgradeRequest, webSocketLine } from '../harness/hostile.ts';
import { HostileTarget } from '../harness/hostile-target.ts';
import { temporaryFolder, until } from '../harness/program.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('a collector', () => {
  const target = new HostileTarget(folder.path);
  beforeAll(() => target.start());
  afterAll(() => target.stop());

  /** Lines that were let in; the door resets the others, sometimes before the connection is known here. */
  async function lines(count: number, open: () => Promise<Line>): Promise<Line[]> {
    const found: Line[] = [];
    for (let done = 0; done < count; done += 100) {
      const some = await Promise.allSettled(Array.from({ length: Math.min(100, count - done) }, open));
      for (const one of some) if (one.status === 'fulfilled') found.push(one.value);
    }
    return found;
  }

  test.each([
    ['HTTP', `GET ${agentPath} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['a plain WebSocket', upgradeRequest()],
    ['noise', '\u0000\u0001\u0002'.repeat(1_000)],
  ])('closes at once on %s without TLS, and never answers in the clear', async (name, bytes) => {
    await target.endures(name, async () => {
      const line = await tcpLine({ port: target.port });
      line.socket.write(bytes);
      const { answer, afterMs } = await line.closed;
      expect(answer.includes('HTTP')).toBe(false);
      expect(afterMs).toBeLessThan(1_000);
    });
  });

  test('speaks TLS 1.3 and nothing older', async () => {
    await target.endures('old TLS', async () => {
      for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const) {
        await expect(tlsLine({ port: target.port, version, ciphers: 'ALL:@SECLEVEL=0' })).rejects.toThrow();
      }
    });
  });

  test('takes no memory for the ClientHello that a header promises', async () => {
    await target.endures('a ClientHello of 130,000 bytes', async () => {
      const record = Buffer.concat([Buffer.from([22, 3, 1, 64, 0, 1, 1, 251, 208]), Buffer.alloc(16_380)]);
      const open = await lines(100, () => tcpLine({ port: target.port }));
      for (const { socket } of open) socket.write(record);
      for (const { closed } of open) expect((await closed).afterMs).toBeLessThan(10_500);
    });
  });

  test.each([
    ['2,000 headers', '431', upgradeRequest({ headers: Array.from({ length: 2_000 }, (_, i) => `x-${i}: 1`) })],
    ['a header of 100 KB', '431', upgradeRequest({ headers: [`x: ${'a'.repeat(100_000)}`] })],
    ['a browser', '403', upgradeRequest({ headers: ['Origin: https://evil.example'] })],
    ['a token in the URL', '400', upgradeRequest({ path: `${agentPath}?token=SECRETTOKEN` })],
    ['a token in the URL of enrolment', '400', `GET ${enrolPath}?token=SECRETTOKEN HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['another path', '404', upgradeRequest({ path: '/' })],
    ['no HTTP', '400', 'NONSENSE\r\n\r\n'],
    ['two lengths', '400', `POST ${enrolPath} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    [
      'smuggling',
      '400',
      `POST ${enrolPath} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ],
    ['an old WebSocket', '400', upgradeRequest().replace('Version: 13', 'Version: 5')],
  ])('answers %s with %s and closes', async (name, status, request) => {
    await target.endures(name, async () => {
      const line = await tlsLine({ port: target.port });
      line.socket.write(request);
      const { answer, afterMs } = await line.closed;
      expect(answer.toString('latin1', 0, 12)).toBe(`HTTP/1.1 ${status}`);
      expect(afterMs).toBeLessThan(2_000);
      expect(target.collector.program.output).not.toContain('SECRETTOKEN');
    });
  });

  test('lives through peers that reset the connection in the middle of everything', async () => {
    await target.endures('resets', async () => {
      const requests = [upgradeRequest({ path: '/' }), upgradeRequest(), `POST ${enrolPath} HTTP/1.1\r\nHost: x\r\n`];
      for (const request of requests) {
        for (const delay of [0, 1, 5]) {
          const line = await tlsLine({ port: target.port });
          line.socket.write(request);
          await wait(delay);
          line.reset();
        }
      }
    });
  });

  test('believes no header about the address', async () => {
    await target.endures('X-Forwarded-For', async () => {
      const line = await tlsLine({ port: target.port, from: '127.0.0.9' });
      line.socket.write(upgradeRequest({ headers: ['X-Forwarded-For: 203.0.113.9', 'X-Real-IP: 203.0.113.9'] }));
      await line.answered('challenge');
      line.socket.write(Buffer.alloc(8_192));
      await line.closed;
      await until('the address in the log', () => target.collector.program.output.includes('"127.0.0.9"'));
      expect(target.collector.program.output).not.toContain('203.0.113.9');
    });
  });

  test('closes 300 half requests within ten seconds', async () => {
    await target.endures('slowloris', async () => {
      const open = await lines(300, () => tlsLine({ port: target.port, from: '127.0.0.2' }));
      expect(open.length).toBeGreaterThan(150);
      for (const { socket } of open) socket.write('GET /agent/v1 HTTP/1.1\r\nHost: x\r\n');
      const drip = setInterval(() => {
        for (const { socket } of open) if (socket.writable) socket.write('x: 1\r\n');
      }, 500);
      for (const { closed } of open) expect((await closed).afterMs).toBeLessThan(10_500);
      clearInterval(drip);
    });
  });

  test('lets one address have 200 connections without TLS, for ten seconds', async () => {
    await target.endures('2,000 silent connections', async () => {
      const before = await target.counter('vonggac_agents_port_refusals_total', 'per_address');
      const open = await lines(2_000, () => tcpLine({ port: target.port, from: '127.0.0.3' }));
      await wait(500);
      expect(open.filter(({ socket }) => !socket.closed).length).toBeLessThanOrEqual(200);
      const refused = await target.counter('vonggac_agents_port_refusals_total', 'per_address');
      expect(refused - before).toBeGreaterThanOrEqual(1_800);
      for (const { closed } of open) expect((await closed).afterMs).toBeLessThan(10_500);
    });
  });

  test('closes WebSockets that never say hello', async () => {
    await target.endures('1,000 WebSockets without a hello', async () => {
      const open = await lines(1_000, () => webSocketLine({ port: target.port, from: '127.0.0.4' }));
      expect(open.length).toBeLessThanOrEqual(400);
      for (const { closed } of open) expect((await closed).afterMs).toBeLessThan(10_500);
    });
  });
});

/** Rows 9 to 16 of the attacks: WebSocket frames. */

import { setTimeout as wait } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { closeCodes, limits } from '@vonggac/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frame, opcodes, webSocketLine } from '../harness/hostile.ts';
import { HostileTarget } from '../harness/hostile-target.ts';
import { temporaryFolder } from '../harness/program.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe('a collector with its usual limits', () => {
  const target = new HostileTarget(folder.path, { invalid_frames_per_minute: 1_000 });
  beforeAll(() => target.start());
  afterAll(() => target.stop());

  test.each([
    ['an unmasked frame', 1002, [frame('x', { masked: false })]],
    ['reserved bit 1, as for permessage-deflate', 1002, [frame(deflateRawSync(Buffer.alloc(90e6)), { rsv: 4 })]],
    ['reserved bit 2', 1002, [frame('x', { rsv: 2 })]],
    ['reserved bit 3', 1002, [frame('x', { rsv: 1 })]],
    ['a reserved data opcode', 1002, [frame('x', { opcode: 3 })]],
    ['a reserved control opcode', 1002, [frame('x', { opcode: 11 })]],
    ['a control frame in fragments', 1002, [frame('x', { opcode: opcodes.ping, fin: false })]],
    ['a control frame of 126 bytes', 1002, [frame('x'.repeat(126), { opcode: opcodes.ping })]],
    ['a continuation of nothing', 1002, [frame('x', { opcode: opcodes.continuation })]],
    ['a message within a message', 1002, [frame('x', { fin: false }), frame('x')]],
    ['a close frame of one byte', 1002, [frame('x', { opcode: opcodes.close })]],
    ['close code 999', 1002, [frame(Buffer.from([3, 231]), { opcode: opcodes.close })]],
    ['close code 1005', 1002, [frame(Buffer.from([3, 237]), { opcode: opcodes.close })]],
    ['text that is not UTF-8', 1007, [frame(Buffer.from([0xc3, 0x28]))]],
    ['half a character, then the end', 1007, [frame(Buffer.from([0xc3]), { fin: false }), frame('', { opcode: 0 })]],
    ['a frame of 2^62 bytes', 1009, [frame('', { declared: 2n ** 62n })]],
    ['a frame of 2^53 bytes', 1009, [frame('', { declared: 2n ** 53n })]],
    ['a frame of 1 GB', 1009, [frame('', { declared: 2n ** 30n })]],
    ['a frame one byte too long', 1009, [frame('', { declared: BigInt(limits.frame + 1) })]],
    ['fragments one byte too long', 1009, [frame('x'.repeat(limits.frame), { fin: false }), frame('x', { opcode: 0 })]],
    [
      'a thousand empty fragments',
      1008,
      [frame('', { fin: false }), ...Array.from({ length: 1_000 }, () => frame('', { fin: false, opcode: 0 }))],
    ],
  ] as const)('answers %s with %i', async (name, code, frames) => {
    await target.endures(name, async () => {
      const before = await target.counter('vonggac_agent_closes_total', 'protocol');
      const agent = await target.villain();
      for (const bytes of frames) agent.raw(bytes);
      expect((await agent.closed).code).toBe(code);
      expect(await target.counter('vonggac_agent_closes_total', 'protocol')).toBe(before + 1);
    });
  });

  test('takes a message of exactly the longest frame, whole and in fragments', async () => {
    const start = `{"type":"batch","seq":7,"sent":${Date.now()},"data":[[1,1,[],[0],[421]]],"x":"`;
    const text = `${start}${'x'.repeat(limits.frame - start.length - 2)}"}`;
    await target.endures('the longest frame', async () => {
      const agent = await target.villain();
      agent.raw(frame(text));
      await agent.ack(7);
      agent.received.length = 0;
      const half = limits.frame / 2;
      agent.raw(Buffer.concat([frame(text.slice(0, half), { fin: false }), frame(text.slice(half), { opcode: 0 })]));
      await agent.ack(7);
    });
  });

  test('bounds what an unknown peer sends at the socket, before a frame is complete', async () => {
    await target.endures('a long frame before the hello', async () => {
      const lines = await Promise.all(Array.from({ length: 50 }, () => webSocketLine({ port: target.port })));
      for (const { socket } of lines) {
        socket.write(frame('', { declared: BigInt(limits.frame) }));
        socket.write(Buffer.alloc(limits.frame - 1));
      }
      for (const { closed } of lines) {
        const { answer, afterMs } = await closed;
        expect(answer.includes('invalidFrame')).toBe(true);
        expect(afterMs).toBeLessThan(4_500);
      }
    });
  });

  test('counts pings before the hello too', async () => {
    await target.endures('pings before the hello', async () => {
      const agent = await target.stranger();
      for (let i = 0; i < 100; i += 1) agent.raw(frame('x'.repeat(100), { opcode: opcodes.ping }));
      expect((await agent.closed).code).toBe(closeCodes.invalidFrame.code);
    });
  });

  test.each([
    ['messages', () => frame('{"type":"ping","sent":1}')],
    ['pings', () => frame('', { opcode: opcodes.ping })],
  ])('closes a session that sends 10,000 %s at once', async (name, made) => {
    await target.endures(`10,000 ${name}`, async () => {
      const agent = await target.villain();
      agent.raw(Buffer.concat(Array.from({ length: 10_000 }, made)));
      // Pings that come faster than pongs leave are cut by the library before they are counted.
      expect([closeCodes.tooFast.code, 1006]).toContain((await agent.closed).code);
    });
  });

  test('closes a session that does not wait for acks', async () => {
    await target.endures('10,000 batches', async () => {
      const agent = await target.villain();
      for (let seq = 1; seq <= 10_000; seq += 1) agent.batch(seq);
      expect((await agent.closed).code).toBe(closeCodes.tooFast.code);
    });
  });

  test('slows an agent down that drains a backlog, and never cuts it', async () => {
    await target.endures('a backlog', async () => {
      const paced = await target.counter('vonggac_paced_acks_total');
      const agent = await target.villain();
      const times = [90_000, ...Array<number>(999).fill(1)];
      const startedAt = Date.now();
      // As the uplink does: eight under way, the next when the oldest is acknowledged.
      for (let seq = 1; seq <= 80; seq += 1) {
        if (seq > 8) await agent.ack(seq - 8);
        agent.batch(seq, [[1, 1, [], times, Array(1_000).fill(0)]]);
      }
      await agent.ack(80);
      const pointsPerSecond = 80_000 / ((Date.now() - startedAt) / 1_000);
      expect(pointsPerSecond).toBeGreaterThan(15_000);
      expect(pointsPerSecond).toBeLessThan(30_000);
      expect(await target.counter('vonggac_paced_acks_total')).toBeGreaterThan(paced);
    });
  });
});

describe('a collector with little patience', () => {
  const other = temporaryFolder();
  const target = new HostileTarget(other.path, {
    idle_seconds: 15,
    slow_seconds: 3,
    messages_per_second: 100_000,
    unread_bytes: 65_536,
  });
  beforeAll(() => target.start());
  afterAll(async () => {
    await target.stop();
    other.remove();
  });

  test('cuts an agent that never reads', async () => {
    await target.endures('a slow reader', async () => {
      const agent = await target.villain();
      agent.stopReading();
      const ping = frame('{"type":"ping","sent":1111111111111111}');
      const pings = Buffer.concat(Array.from({ length: 2_000 }, () => ping));
      for (let i = 0; i < 300; i += 1) {
        agent.raw(pings);
        await wait(10);
        if (i % 20 === 0 && (await target.counter('vonggac_agent_closes_total', 'slowReader')) > 0) break;
      }
      expect(await target.counter('vonggac_agent_closes_total', 'slowReader')).toBe(1);
    });
  });

  test('cuts an agent that sends a message byte by byte', async () => {
    await target.endures('a slow sender', async () => {
      const agent = await target.villain();
      agent.raw(frame('', { declared: 200_000n }));
      const drip = setInterval(() => agent.raw(Buffer.from(' ')), 200);
      expect((await agent.closed).code).toBe(1006);
      clearInterval(drip);
      expect(await target.counter('vonggac_agent_closes_total', 'slowSender')).toBe(1);
    });
  });

  test('closes a session that has fallen silent', async () => {
    await target.endures('silence', async () => {
      const agent = await target.villain();
      expect((await agent.closed).code).toBe(closeCodes.silent.code);
    });
  });
});

/** Good input of every kind, to be spoilt: recorded messages, real batches, codes, files. */
import { readdirSync, readFileSync } from 'node:fs';
import { Baselines, encodeBase32, formatFullCode, formatShortCode, point } from '@vonggac/shared';
import { batchFrame } from '../../agent/src/uplink/batch-frame.ts';
import { frame, opcodes } from '../harness/hostile.ts';

export type Seeds = readonly [Buffer, ...Buffer[]];

const fixtures = new URL('../fixtures/', import.meta.url);

function read(name: string): Buffer {
  return readFileSync(new URL(name, fixtures));
}

/** Recorded messages whose name begins with `prefix`. */
function recorded(prefix: string): Seeds {
  const names = readdirSync(new URL('protocol/v1/', fixtures)).filter((name) => name.startsWith(prefix));
  const [first, ...rest] = names.sort().map((name) => read(`protocol/v1/${name}`));
  if (!first) throw new Error(`no recorded message ${prefix}*`);
  return [first, ...rest];
}

/** A compressed batch as an agent makes it, of an hour of readings. */
function hourOfReadings(sent: number): Buffer {
  const points = Array.from({ length: 360 }, (_, index) => index * 10_000).flatMap((age) => [
    point('cpu', { time: sent - age, tags: {}, fields: { usage_percent: (age / 7_000) % 100 } }),
    point('filesystem', {
      time: sent - age,
      tags: { mount: '/', type: 'ext4' },
      fields: { total_bytes: 53_687_091_200, used_percent: 42, read_only: false },
    }),
    point('inventory', { time: sent - age, tags: {}, fields: { os_name: 'Debian GNU/Linux', cpu_cores: 4 } }),
  ]);
  const made = batchFrame([{ id: 1, lane: 'metrics', points, offset: -120 }], {
    seq: 1,
    sent,
    baselines: new Baselines(),
  });
  return Buffer.from(made);
}

const code = {
  token: '0123456789ABCDE',
  pin: encodeBase32(Buffer.alloc(32, 0x5a)),
  addresses: ['trung-tam.quangbinh.gov.vn:8443', '[2001:db8::1]:8443', '10.0.0.1:8443'],
};

const agentMessages = recorded('agent-');
const batches: Seeds = [read('protocol/v1-frames/agent-batch.deflated'), hourOfReadings(Date.UTC(2026, 10, 23))];

export const seeds = {
  agentMessages,
  collectorMessages: recorded('collector-'),
  enrolments: recorded('enrolment-'),
  batches,
  codes: [Buffer.from(formatShortCode(code)), Buffer.from(formatFullCode(code))],
  unitFiles: [read('units/quang-binh-2022.csv').subarray(0, 4_000)],
  webSocketFrames: [
    frame('', { opcode: opcodes.ping }),
    ...agentMessages.map((message) => frame(message)),
    ...batches.map((batch) => frame(batch, { opcode: opcodes.binary })),
    Buffer.concat([frame('{"type":"pi', { fin: false }), frame('ng","sent":1}', { opcode: opcodes.continuation })]),
    frame(Buffer.from([3, 232]), { opcode: opcodes.close }),
  ],
} as const satisfies Record<string, Seeds>;

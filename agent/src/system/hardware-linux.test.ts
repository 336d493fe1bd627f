import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hardwareFacts, hardwareHints } from './hardware-linux.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vonggac-sys-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function given(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), `${text}\n`);
  }
}

// The form of a Dell OptiPlex with Debian 12 read as root; the numbers are made up.
const officePc = {
  'class/dmi/id/product_uuid': '4c4c4544-0043-3510-8052-b4c04f4a4d32',
  'class/dmi/id/board_serial': '/7XQ2RN2/CNFCW0018R00AB/',
  'block/nvme0n1/removable': '0',
  'block/nvme0n1/device/serial': 'S4GMNX0R512345',
  'block/sda/removable': '0',
  'block/sda/device/wwid': 't10.ATA     ST1000DM010-2EP102                       ZN1ABCDE',
  'block/sdb/removable': '1',
  'block/sdb/device/wwid': 'a stick',
  'block/loop0/removable': '0',
  'class/net/lo/address': '00:00:00:00:00:00',
  'class/net/lo/addr_assign_type': '0',
  'class/net/eno1/address': '54:bf:64:01:02:03',
  'class/net/eno1/addr_assign_type': '0',
  'class/net/eno1/device/vendor': '0x8086',
  'class/net/wlp1s0/address': '02:00:00:00:00:01',
  'class/net/wlp1s0/addr_assign_type': '3',
  'class/net/wlp1s0/device/vendor': '0x8086',
  'class/net/docker0/address': '02:42:00:00:00:01',
  'class/net/docker0/addr_assign_type': '3',
};

test('takes what is burnt in and leaves what comes and goes', () => {
  given(officePc);
  expect(hardwareFacts(root)).toEqual([
    'product_uuid 4c4c4544-0043-3510-8052-b4c04f4a4d32',
    'board_serial /7XQ2RN2/CNFCW0018R00AB/',
    'disk S4GMNX0R512345',
    'disk t10.ATA     ST1000DM010-2EP102                       ZN1ABCDE',
    'network 54:bf:64:01:02:03',
  ]);
});

test.each(['Default string', 'To Be Filled By O.E.M.', 'None', '00000000-0000-0000-0000-000000000000', 'FFFFFFFF', ''])(
  '"%s" is no serial number',
  (text) => {
    given({ 'class/dmi/id/board_serial': text, 'class/dmi/id/product_uuid': text });
    expect(hardwareFacts(root)).toEqual([]);
  },
);

test('eight are enough, and a long one is cut', () => {
  for (let disk = 0; disk < 20; disk += 1) {
    given({ [`block/sd${disk}/removable`]: '0', [`block/sd${disk}/serial`]: `${disk}${'x'.repeat(10_000)}` });
  }
  const facts = hardwareFacts(root);
  expect(facts).toHaveLength(8);
  expect(Math.max(...facts.map((fact) => fact.length))).toBeLessThan(220);
});

test('a hint tells nothing to whoever does not know the agent, and is the same each time', () => {
  given(officePc);
  const hints = hardwareHints('a-1', root);
  expect(hints).toHaveLength(5);
  for (const hint of hints) expect(hint).toMatch(/^[A-Za-z0-9_-]{16}$/);
  expect(hardwareHints('a-1', root)).toEqual(hints);
  expect(hardwareHints('a-2', root).some((hint) => hints.includes(hint))).toBe(false);
});

test('nothing is known where there is no sysfs', () => {
  expect(hardwareHints('a-1', join(root, 'nowhere'))).toEqual([]);
});

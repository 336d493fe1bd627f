/**
 * A hint at which hardware the agent runs on, from facts that stay when the system is installed anew and change when its
 * disk is copied to another machine: serial numbers of board and disks, permanent addresses of network cards.
 * Source: sysfs (https://docs.kernel.org/admin-guide/abi.html). What is missing or may not be read is left out.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hardwareInput } from '@vonggac/shared';

const maxFacts = 8;
const maxLength = 200;
/** What makers leave in place of a serial number. */
const placeholder =
  /^(0+|f+|x+|none|n\/?a|unknown|default string|to be filled by o\.?e\.?m\.?|not (applicable|specified)|system serial number|123456789?0?)$/i;
/** The address was burnt into the card, not made up by a driver or a person (NET_ADDR_PERM in linux/netdevice.h). */
const permanent = '0';

/** Short hashes with the agent's id, so that they name the machine to nobody else. Empty when nothing is known. */
export function hardwareHints(agentId: string, root = '/sys'): string[] {
  return hardwareFacts(root).map((fact) =>
    createHash('sha256').update(hardwareInput(agentId, fact)).digest('base64url').slice(0, 16),
  );
}

/** The facts themselves, the most telling first. */
export function hardwareFacts(root: string): string[] {
  const facts = [...boardFacts(root), ...diskFacts(root), ...networkFacts(root)];
  return [...new Set(facts)].slice(0, maxFacts);
}

function boardFacts(root: string): string[] {
  const names = ['product_uuid', 'board_serial'];
  return names.flatMap((name) => fact(name, read(root, 'class/dmi/id', name)));
}

/** Without sticks and cards, which come and go. */
function diskFacts(root: string): string[] {
  const disks = list(root, 'block').filter((disk) => read(root, 'block', disk, 'removable') === '0');
  return disks.flatMap((disk) => {
    const places = ['device/serial', 'device/wwid', 'serial', 'wwid'].map((place) => read(root, 'block', disk, place));
    return fact(
      'disk',
      places.find((text) => text !== undefined),
    );
  });
}

function networkFacts(root: string): string[] {
  const cards = list(root, 'class/net').filter((card) => {
    const isCard = list(root, 'class/net', card, 'device').length > 0;
    return isCard && read(root, 'class/net', card, 'addr_assign_type') === permanent;
  });
  return cards.flatMap((card) => fact('network', read(root, 'class/net', card, 'address')));
}

function fact(kind: string, text: string | undefined): string[] {
  const isTelling = text !== undefined && !placeholder.test(text) && !placeholder.test(text.replace(/[-:]/g, ''));
  return isTelling ? [`${kind} ${text}`] : [];
}

function list(...path: string[]): string[] {
  try {
    return readdirSync(join(...path)).sort();
  } catch {
    return [];
  }
}

/** The text of a file; undefined when it is not here, is empty or is root's alone. */
function read(...path: string[]): string | undefined {
  try {
    return (
      readFileSync(join(...path), 'utf8')
        .trim()
        .slice(0, maxLength) || undefined
    );
  } catch {
    return undefined;
  }
}

/** Small files of `/sys`, which come and go with the devices that they are of. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** The kernel writes a page at most. */
const maxLength = 4_096;

/** The text; undefined when it is not here, the device has just gone or does not answer. */
export function readSys(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, maxLength).trim();
  } catch {
    return undefined;
  }
}

/** The whole number in the file; undefined when there is none. */
export function readSysNumber(path: string): number | undefined {
  const text = readSys(path);
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The names in a folder, `sda2` before `sda10`; none when it is not here. */
export function listSys(path: string): string[] {
  try {
    return readdirSync(path).sort(byNumber);
  } catch {
    return [];
  }
}

/** The name of what a link points to. */
export function linkedName(path: string): string | undefined {
  try {
    return basename(readlinkSync(path));
  } catch {
    return undefined;
  }
}

function byNumber(one: string, other: string): number {
  return sortable(one) < sortable(other) ? -1 : 1;
}

function sortable(name: string): string {
  return name.replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}

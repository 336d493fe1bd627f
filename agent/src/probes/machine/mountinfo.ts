/** What is mounted. Source: `/proc/self/mountinfo`, proc_pid_mountinfo(5). */
import { quote } from '../clean-text.ts';

export interface Mount {
  /** `major:minor`; the same for all mounts of one file system. */
  readonly device: string;
  /** The part of the file system that is mounted: `/`, or a folder in it for bind mounts and subvolumes. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  /**
   * Whether the file system itself cannot be written, as after an I/O error. A mount can be read-only of a writable
   * file system: the sandbox that systemd puts the agent in shows it everything so.
   */
  readonly readOnly: boolean;
}

/** All mounts, in the order of mounting. Throws at a line that is not as it should be. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').filter(Boolean).map(parseLine);
}

function parseLine(line: string): Mount {
  // A number of optional columns stand before the hyphen.
  const [mount = '', filesystem = ''] = line.split(' - ');
  const [, , device, root, mountPoint] = mount.split(' ');
  const [type, , options] = filesystem.split(' ');
  if (device === undefined || root === undefined || mountPoint === undefined || !type || options === undefined) {
    throw new Error(`cannot parse /proc/self/mountinfo: ${quote(line)}`);
  }
  const readOnly = options.split(',').includes('ro');
  return { device, root: decodeOctal(root), mountPoint: decodeOctal(mountPoint), type, readOnly };
}

/** The kernel writes blank, tab, line break, backslash and number sign as a backslash and three octal digits. */
function decodeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

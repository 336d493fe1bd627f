/** Sources: `/proc/PID/comm` and `/proc/PID/fdinfo`, proc(5). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface RunningProcess {
  readonly pid: number;
  /** As the kernel keeps it: the first 15 characters. */
  readonly name: string;
}

/** Which files a process hears of when somebody opens one of them, and whether it may forbid it. */
export type OpenHook = 'prevents' | 'watches' | 'none';

/** Masks of fanotify_mark(2). */
const openPermission = 0x1_0000;
const accessPermission = 0x2_0000;
const openExecPermission = 0x4_0000;
const permissions = openPermission | accessPermission | openExecPermission;
const opened = 0x20 | 0x1000;
/** A machine has a few hundred, a large server some thousand. */
const maxProcesses = 20_000;
const maxDescriptors = 5_000;
/** All readers of one cycle look at the same list. */
const keptMs = 1_000;
const kernelNameLength = 15;

export class ProcessesLinux {
  readonly #proc: string;
  readonly #monotonic: () => number;
  #list: { readonly time: number; readonly processes: readonly RunningProcess[] } | undefined;

  constructor(root: string, monotonic: () => number) {
    this.#proc = join(root, 'proc');
    this.#monotonic = monotonic;
  }

  /** Processes with one of these names; a name longer than the kernel keeps is compared as far as it does. */
  named(...names: readonly string[]): RunningProcess[] {
    const wanted = new Set(names.map((name) => name.slice(0, kernelNameLength)));
    return this.all().filter((process) => wanted.has(process.name));
  }

  all(): readonly RunningProcess[] {
    const now = this.#monotonic();
    if (!this.#list || now - this.#list.time >= keptMs) this.#list = { time: now, processes: this.#read() };
    return this.#list.processes;
  }

  /** Whether it is shown of everybody's processes where their programs lie. */
  seesPrograms(): boolean {
    try {
      readlinkSync(join(this.#proc, '1/exe'));
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  /** Processes whose program lies in this folder. Only root sees that of other people's. */
  of(folder: string): RunningProcess[] {
    return this.all().filter(({ pid }) => {
      try {
        return readlinkSync(join(this.#proc, `${pid}/exe`)).startsWith(`${folder}/`);
      } catch {
        return false;
      }
    });
  }

  /** How it was started: words that each end with a NUL, the program's name first; empty when it has ended. */
  commandLine({ pid }: RunningProcess): string {
    return readIfThere(join(this.#proc, `${pid}/cmdline`));
  }

  /** Seconds since the process started; undefined when it has ended. */
  ageSeconds({ pid }: RunningProcess): number | undefined {
    try {
      // The name in brackets may hold anything; the 22nd field is the start, in hundredths of a second since boot.
      const stat = readFileSync(join(this.#proc, `${pid}/stat`), 'utf8');
      const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / 100;
      const uptime = Number(readFileSync(join(this.#proc, 'uptime'), 'utf8').split(' ')[0]);
      return Number.isFinite(uptime - started) ? uptime - started : undefined;
    } catch {
      return undefined;
    }
  }

  /** What these processes are told by fanotify; undefined when it cannot be read, which takes root. */
  openHook(processes: readonly RunningProcess[]): OpenHook | undefined {
    let strongest: OpenHook = 'none';
    for (const { pid } of processes) {
      const hook = this.#openHookOf(pid);
      if (hook === undefined || hook === 'prevents') return hook;
      if (hook === 'watches') strongest = hook;
    }
    return strongest;
  }

  #openHookOf(pid: number): OpenHook | undefined {
    const folder = join(this.#proc, `${pid}`);
    let hook: OpenHook = 'none';
    try {
      // The list of another's descriptors is there to be read by root alone; fdinfo itself may seem empty to others.
      for (const descriptor of readdirSync(join(folder, 'fdinfo')).slice(0, maxDescriptors)) {
        const mask = maskOf(readIfThere(join(folder, 'fdinfo', descriptor)));
        if ((mask & permissions) !== 0) return 'prevents';
        if ((mask & opened) !== 0) hook = 'watches';
      }
      return hook;
    } catch {
      return undefined;
    }
  }

  #read(): RunningProcess[] {
    const processes: RunningProcess[] = [];
    for (const entry of readdirSync(this.#proc)) {
      if (!/^\d+$/.test(entry)) continue;
      const name = readIfThere(join(this.#proc, entry, 'comm')).trimEnd();
      if (name !== '') processes.push({ pid: Number(entry), name });
      if (processes.length >= maxProcesses) break;
    }
    return processes;
  }
}

/** The masks of all marks together, as fdinfo shows them: `fanotify ino:2 sdev:fe00000 mflags:0 mask:8030000 …`. */
export function maskOf(fdinfo: string): number {
  let mask = 0;
  for (const [, hex] of fdinfo.matchAll(/^fanotify .{0,100}?\bmask:([0-9a-f]{1,8})\b/gm))
    mask |= Number.parseInt(hex ?? '0', 16);
  return mask;
}

/** Empty when it has gone in the meantime. Throws when it may not be read. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

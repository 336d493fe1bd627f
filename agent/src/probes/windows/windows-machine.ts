/**
 * What Windows knows of itself, asked with its own programs by their full paths and kept for a while, because each start
 * costs an old PC some 30 ms of processor time.
 */
import { existsSync, statSync } from 'node:fs';
import { win32 } from 'node:path';
import { parseRegistryQuery, type RegistryKey, registryText } from '../../system/registry-query.ts';
import { CommandError, type CommandResult, type RunCommand } from '../../system/run-command.ts';
import { parseServiceList, type ServiceList } from '../../system/service-list-windows.ts';
import { PowershellTurns } from './powershell-turns.ts';
import { Remembered } from './remembered.ts';

const timeoutMs = 15_000;
const maxBytes = 4 * 1024 * 1024;

/** Seconds that an answer serves. */
export const keepFor = { services: 50, settings: 290, programs: 890, installed: 6 * 3_600 } as const;

export interface WindowsOptions {
  readonly runCommand: RunCommand;
  readonly monotonic: () => number;
  /** Default: as the environment says. */
  readonly systemRoot?: string;
  readonly fileExists?: (path: string) => boolean;
  /** Another text whenever the file has changed; undefined when it cannot be looked at. */
  readonly fileMark?: (path: string) => string | undefined;
}

interface Asked {
  readonly signal: AbortSignal;
  /** See `keepFor`. */
  readonly seconds: number;
}

export class WindowsMachine {
  readonly #runCommand: RunCommand;
  readonly #remembered: Remembered;
  readonly #fileExists: (path: string) => boolean;
  readonly fileMark: (path: string) => string | undefined;
  readonly systemRoot: string;
  readonly powershell: PowershellTurns;

  constructor(options: WindowsOptions) {
    this.#runCommand = options.runCommand;
    this.#remembered = new Remembered(options.monotonic);
    this.#fileExists = options.fileExists ?? existsSync;
    this.fileMark = options.fileMark ?? markOf;
    this.systemRoot = options.systemRoot ?? process.env.SystemRoot ?? 'C:\\Windows';
    this.powershell = new PowershellTurns({ ...options, systemRoot: this.systemRoot });
  }

  /** Every service that is no driver. */
  services(signal: AbortSignal): Promise<ServiceList> {
    // Without the room, sc.exe stops in the middle of the list.
    const args = ['query', 'type=', 'service', 'state=', 'all', 'bufsize=', '262144'];
    return this.#remembered.get('services', {
      seconds: keepFor.services,
      ask: async () => {
        const services = parseServiceList((await this.system('sc.exe', args, signal)).stdout);
        if (services.size === 0) throw new Error('sc.exe named no service');
        return services;
      },
    });
  }

  /** Kept for a while: see `Remembered`. */
  remember<T>(key: string, answer: { readonly seconds: number; readonly ask: () => Promise<T> }): Promise<T> {
    return this.#remembered.get(key, answer);
  }

  registry(query: readonly string[], { signal, seconds }: Asked): Promise<readonly RegistryKey[]> {
    const ask = () => this.queryRegistry(query, signal);
    return this.#remembered.get(`reg ${query.join('\n')}`, { seconds, ask });
  }

  /** The keys that `reg.exe query` prints; none when the key is not there. Throws when it may not be read. */
  async queryRegistry(query: readonly string[], signal: AbortSignal): Promise<readonly RegistryKey[]> {
    const { exitCode, stdout, stderr } = await this.system('reg.exe', ['query', ...query], signal, [0, 1]);
    if (exitCode === 0) return parseRegistryQuery(stdout);
    if (!(await this.#saysDenied(stderr, signal))) return [];
    throw new CommandError(`reg.exe may not read ${query[0]}`, { failure: 'denied', exitCode, stderr });
  }

  /**
   * reg.exe has one exit code for a key that is not there and one that may not be read, and says which in the language of
   * Windows: the second with the system's own text of error 5, which net.exe prints.
   */
  async #saysDenied(text: string, signal: AbortSignal): Promise<boolean> {
    const denied = this.#remembered.get('denied', {
      seconds: keepFor.installed,
      ask: async () => (await this.system('net.exe', ['helpmsg', '5'], signal)).stdout.trim(),
    });
    const own = await denied.catch(() => '');
    signal.throwIfAborted();
    return text.includes('Access is denied') || (own !== '' && text.includes(own));
  }

  /** One key with its values. */
  async key(path: string, asked: Asked): Promise<RegistryKey | undefined> {
    const keys = await this.registry([path], asked);
    return keys.find((key) => key.values.size > 0);
  }

  /** Of `HKLM\SOFTWARE\…`, as programs of 64 and of 32 bits write it. */
  async softwareKey(path: string, asked: Asked): Promise<RegistryKey | undefined> {
    const key = await this.key(`HKLM\\SOFTWARE\\${path}`, asked);
    return key ?? (await this.key(`HKLM\\SOFTWARE\\WOW6432Node\\${path}`, asked));
  }

  /** Of a computer for work; undefined when Windows does not say. Servers have no Security Center. */
  async isClient(signal: AbortSignal): Promise<boolean | undefined> {
    const path = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions';
    const key = await this.key(path, { signal, seconds: 24 * 3_600 });
    const type = registryText(key, 'ProductType');
    return type === undefined ? undefined : type === 'WinNT';
  }

  /** A program of Windows itself. */
  system(name: string, args: readonly string[], signal: AbortSignal, exitCodes?: readonly number[]) {
    const options = { timeoutMs, maxBytes, signal, ...(exitCodes && { exitCodes }) };
    return this.#runCommand(win32.join(this.systemRoot, 'System32', name), args, options);
  }

  /** Asks a product's own program; the answer is kept for a while. */
  product(program: string, args: readonly string[], { signal, seconds }: Asked): Promise<CommandResult> {
    const ask = () => this.runProduct(program, args, signal);
    return this.#remembered.get(`run ${[program, ...args].join('\n')}`, { seconds, ask });
  }

  /** A product's own program. What names it was written by the product: it must lie where only administrators write. */
  async runProduct(program: string, args: readonly string[], signal: AbortSignal): Promise<CommandResult> {
    if (!this.isProgram(program)) throw new CommandError(`${program} is no program`, { failure: 'not-found' });
    return this.#runCommand(program, args, { timeoutMs, maxBytes, signal, exitCodes: [0, 1] });
  }

  /** Whether there is such a file in the folders for programs. */
  isProgram(path: string): boolean {
    const folders = this.#programFolders().map((folder) => `${folder}\\`.toLowerCase());
    const isPlain = win32.normalize(path) === path && !/[/<>"|?*]|[\\. ]$/.test(path) && /\.exe$/i.test(path);
    return isPlain && folders.some((folder) => path.toLowerCase().startsWith(folder)) && this.#fileExists(path);
  }

  /** `%ProgramFiles%\…` written out; other variables are left as they are. */
  expand(path: string): string {
    const [programs = '', programs32 = ''] = this.#programFolders();
    const known: Readonly<Record<string, string>> = {
      programfiles: programs,
      'programfiles(x86)': programs32,
      programw6432: programs,
      systemroot: this.systemRoot,
      windir: this.systemRoot,
    };
    return path.replace(/%([^%]{1,40})%/g, (whole, name: string) => known[name.toLowerCase()] ?? whole);
  }

  exists(path: string): boolean {
    return this.#fileExists(path);
  }

  #programFolders(): string[] {
    const drive = this.systemRoot.slice(0, 2);
    return [`${drive}\\Program Files`, `${drive}\\Program Files (x86)`];
  }
}

function markOf(path: string): string | undefined {
  try {
    const { size, mtimeNs } = statSync(path, { bigint: true });
    return `${size} ${mtimeNs}`;
  } catch {
    return undefined;
  }
}

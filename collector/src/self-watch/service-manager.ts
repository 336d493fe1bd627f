/**
 * Tells systemd how the collector does: started, alive, stopping. https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 *
 * Node cannot send to a Unix datagram socket, so systemd's own program does it: twice in the time that systemd waits
 * (docs/decisions/0015-systemd-notify.md). A loop that is stuck starts nothing, and systemd restarts the collector.
 */
// biome-ignore lint/style/noRestrictedImports: Node has no Unix datagram sockets; one program, fixed path and arguments.
import { spawn } from 'node:child_process';
import type { Logger } from 'pino';

const program = '/usr/bin/systemd-notify';
const timeoutMs = 5_000;

interface Options {
  /** `NOTIFY_SOCKET` and `WATCHDOG_USEC`, when systemd has started the collector. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line for `systemctl status`. */
  readonly status: () => string;
  readonly logger: Logger;
}

export class ServiceManager {
  readonly #options: Options;
  readonly #socket: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;

  constructor(options: Options) {
    this.#options = options;
    this.#socket = options.environment.NOTIFY_SOCKET || undefined;
  }

  /** The collector does its work from now on. */
  started(): void {
    if (this.#socket === undefined) return;
    this.#tell(['--ready', `--status=${this.#options.status()}`]);
    const everyMs = watchdogMs(this.#options.environment);
    if (everyMs === undefined) return;
    this.#timer = setInterval(
      () => this.#tell([`--status=${this.#options.status()}`, 'WATCHDOG=1']),
      everyMs / 2,
    ).unref();
  }

  /** Safe twice and before `started`. */
  stopping(): void {
    clearInterval(this.#timer);
    if (this.#socket !== undefined) this.#tell(['STOPPING=1']);
  }

  #tell(args: readonly string[]): void {
    const child = spawn(program, args, {
      env: { NOTIFY_SOCKET: this.#socket },
      stdio: 'ignore',
      timeout: timeoutMs,
    });
    child.on('error', (error) => this.#failed(error.message));
    child.on('exit', (code) => {
      if (code !== 0) this.#failed(`it ended with ${code}`);
    });
    child.unref();
  }

  /** Once: it would be the same each time. */
  #failed(problem: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.logger.warn({ program, problem }, 'cannot tell systemd how the collector does');
  }
}

/** How long systemd waits for a sign of life; undefined when it does not. */
function watchdogMs({ WATCHDOG_USEC: text = '' }: Options['environment']): number | undefined {
  const microseconds = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return microseconds >= 1_000_000 ? microseconds / 1_000 : undefined;
}

/** What a service tells systemd, written down by a receiver in Python: Node has no Unix datagram sockets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './program.ts';

const python = '/usr/bin/python3';
/** One datagram a line. Whoever waits until it was read has sent a file with it, to see it closed. */
const receiver = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    data, fds, flags, address = socket.recv_fds(s, 4096, 4)
    for fd in fds: os.close(fd)
    with open(sys.argv[2], 'a') as f: f.write(data.decode().replace('\\n', ' | ') + '\\n')
`;

/** Why there can be none, or undefined. */
export function noServiceManager(): string | undefined {
  const missing = ['/usr/bin/systemd-notify', python].filter((program) => !existsSync(program));
  return missing.length > 0 ? `no ${missing.join(', ')} here` : undefined;
}

export class ServiceManager {
  /** The value of NOTIFY_SOCKET. */
  readonly socket: string;
  readonly #told: string;
  #listener: ChildProcess | undefined;

  constructor(folder: string) {
    this.socket = join(folder, 'notify');
    this.#told = join(folder, 'told');
  }

  async start(): Promise<void> {
    this.#listener = spawn(python, ['-c', receiver, this.socket, this.#told], { stdio: 'inherit' });
    await until('the service manager', () => existsSync(this.socket));
  }

  stop(): void {
    this.#listener?.kill('SIGKILL');
  }

  /** What it was told, in order. */
  get told(): readonly string[] {
    return existsSync(this.#told) ? readFileSync(this.#told, 'utf8').trim().split('\n') : [];
  }

  count(what: string): number {
    return this.told.filter((line) => line.includes(what)).length;
  }
}

/** The audit entries of `vonggac` commands. */
import { userInfo } from 'node:os';
import type { AuditEvent } from './audit-entry.ts';
import { AuditLog } from './audit-log.ts';

/**
 * Records what a command just did. It is called before a new secret is printed: one that could not be recorded is never
 * seen. A revocation comes first and is recorded after it: it must not depend on the log. Throws what `append` throws.
 */
export function recordCommand(
  folder: string,
  change: Pick<AuditEvent, 'action' | 'subject' | 'before' | 'after'>,
): void {
  const log = new AuditLog(folder);
  try {
    log.append({ at: Date.now(), actor: osUser(), source: 'command', ...change });
  } finally {
    log.close();
  }
}

/** The account of the operating system; behind sudo, whoever called it, as far as the environment can be believed. */
export function osUser(): string {
  const caller = process.env.SUDO_USER;
  try {
    const { username } = userInfo();
    return caller === undefined || caller === username ? username : `${username} (sudo: ${caller})`;
  } catch {
    // An account without a name, as in a container.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

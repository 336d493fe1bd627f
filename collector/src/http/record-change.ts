import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../registry/audit-entry.ts';
import type { AuditLog } from '../registry/audit-log.ts';

export interface RecordOptions {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly now: () => number;
}

/** Who asks, as the audit log names them. */
export function actorOf({ identity }: Pick<FastifyRequest, 'identity'>): string {
  return identity?.name ?? 'one-time link';
}

/** Writes the audit entry of a change that was made through the API. Throws what `append` throws. */
export function recordChange(
  { audit, now }: RecordOptions,
  request: FastifyRequest,
  event: Omit<AuditEvent, 'at' | 'actor' | 'source'>,
): void {
  audit.append({ at: now(), actor: actorOf(request), source: request.ip, ...event });
}

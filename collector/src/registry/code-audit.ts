/** What the audit log keeps of codes and of machines that are let in. */
import type { AgentRecord } from './agents.ts';
import type { AuditValues } from './audit-entry.ts';
import type { EnrolmentCodeRecord } from './enrolment-codes.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import type { PendingEnrolment } from './pending-enrolments.ts';

export function auditCode(code: EnrolmentCodeRecord): AuditValues {
  return {
    unit: code.unit,
    class: code.class,
    uses: code.uses,
    approve: code.approve,
    expires_at: new Date(code.expiresAt).toISOString(),
  };
}

/** The key tells later whether it was the machine that was meant. */
export function auditAccepted({ id, unit, class: agentClass, hostname, publicKey }: AgentRecord): AuditValues {
  return { agent: id, unit, class: agentClass, hostname, key_fingerprint: keyFingerprint(publicKey) };
}

export function auditRefused({ unit, class: agentClass, hostname, address, publicKey }: PendingEnrolment): AuditValues {
  return { unit, class: agentClass, hostname, address, key_fingerprint: keyFingerprint(publicKey) };
}

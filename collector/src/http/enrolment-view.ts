/** Codes, their uses and waiting machines as the API shows them. */
import type { CodeUse } from '../registry/code-uses.ts';
import { codeStateOf, type EnrolmentCodeRecord } from '../registry/enrolment-codes.ts';
import { keyFingerprint } from '../registry/key-fingerprint.ts';
import type { PendingEnrolment } from '../registry/pending-enrolments.ts';
import type { CodeUseView, CodeView, EnrolmentView } from './enrolment-schemas.ts';
import { toIso } from './instants.ts';

export function viewCode(code: EnrolmentCodeRecord, now: number): CodeView {
  return {
    id: code.id,
    unit: code.unit,
    class: code.class,
    uses: code.uses,
    uses_left: code.usesLeft,
    approve: code.approve,
    created_at: toIso(code.createdAt),
    created_by: code.createdBy,
    expires_at: toIso(code.expiresAt),
    revoked_at: code.revokedAt === undefined ? undefined : toIso(code.revokedAt),
    state: codeStateOf(code, now),
  };
}

export function viewCodeUse(use: CodeUse): CodeUseView {
  return { ...use, at: toIso(use.at) };
}

export function viewEnrolment(waiting: PendingEnrolment): EnrolmentView {
  const { publicKey, askedAt, lastAskedAt, ...rest } = waiting;
  return {
    id: rest.id,
    code: rest.code,
    unit: rest.unit,
    class: rest.class,
    hostname: rest.hostname,
    platform: rest.platform,
    system: rest.system,
    version: rest.version,
    address: rest.address,
    addresses: [...rest.addresses],
    key_fingerprint: keyFingerprint(publicKey),
    asked_at: toIso(askedAt),
    last_asked_at: toIso(lastAskedAt),
  };
}

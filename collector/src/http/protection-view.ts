/** Protection and malware as the API shows them. */
import type { AgentState } from '@vonggac/shared';
import { proofTime } from '../protection/evidence.ts';
import type { MachineProtection } from '../protection/machine-watch.ts';
import type { StoredDetection } from '../protection/malware-store.ts';
import { hourMs } from '../protection/rules.ts';
import { protectedPercent, type UnitCounts } from '../protection/unit-counts.ts';
import { toIso } from './instants.ts';
import type { CountsView, DetectionView, ProtectionView } from './protection-schemas.ts';

export function viewProtection(machine: MachineProtection, state: AgentState): ProtectionView {
  const { record, level, levelSince, evidence, findings, signatureAgeMs } = machine;
  return {
    agent: record.id,
    hostname: record.hostname,
    unit: record.unit,
    class: record.class,
    state,
    level,
    level_since: toIso(levelSince),
    proof_at: instant(proofTime(evidence)),
    signature_age_hours: signatureAgeMs === undefined ? undefined : oneDecimal(signatureAgeMs / hourMs),
    findings: findings.map(({ since, ...finding }) => ({ ...finding, since: toIso(since) })),
    products: evidence.products.map((product) => ({
      product: product.product,
      name: product.name,
      version: product.version,
      read_state: product.readState,
      running: product.running,
      realtime: product.realtime,
      realtime_proven: product.realtimeProven,
      mode: product.mode,
      signature_version: product.signatureVersion,
      signature_at: instant(product.signatureTime),
      managed: product.managed,
      management_server: product.managementServer,
      licence_status: product.licenceStatus,
      active_threats: product.activeThreats,
      problem: product.problem,
      orphan: product.orphan,
      read_at: toIso(product.time),
    })),
  };
}

export function viewCounts({ notUpdated, ...counts }: UnitCounts): CountsView {
  const percent = protectedPercent({ notUpdated, ...counts });
  return {
    ...counts,
    protected_percent: percent === undefined ? undefined : oneDecimal(percent),
    not_updated_15_days: notUpdated,
  };
}

export function viewDetection(detection: StoredDetection): DetectionView {
  const { id, agent, host, unit, product, name, threat, severity, category, object, action, resolved } = detection;
  return {
    id,
    agent,
    hostname: host,
    unit,
    class: detection.class,
    product,
    name,
    threat,
    severity,
    category,
    object,
    object_kind: detection.objectKind,
    action,
    resolved,
    error_code: detection.errorCode,
    process: detection.process,
    sha256: detection.sha256,
    origin: detection.origin,
    detected_at: toIso(detection.detectedAt),
    received_at: toIso(detection.receivedAt),
    updated_at: instant(detection.updatedAt),
  };
}

function instant(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

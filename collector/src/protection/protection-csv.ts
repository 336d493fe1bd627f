/** Machines and detections as CSV files, for a spreadsheet. */
import { type Separator, writeCsv } from '../registry/unit-csv.ts';
import { proofTime } from './evidence.ts';
import type { MachineProtection } from './machine-watch.ts';
import type { StoredDetection } from './malware-store.ts';
import { hourMs } from './rules.ts';

const machineColumns = [
  ...['unit', 'hostname', 'agent', 'class', 'level', 'since', 'rules', 'findings'],
  ...['products', 'signature_age_hours', 'proof_at'],
];

export function writeProtectionCsv(
  machines: readonly MachineProtection[],
  options: { readonly separator: Separator },
): string {
  return writeCsv([machineColumns, ...machines.map(machineRow)], options);
}

function machineRow({ record, level, levelSince, findings, evidence, signatureAgeMs }: MachineProtection): string[] {
  const products = evidence.products.filter(({ readState }) => readState !== 'absent');
  return [
    record.unit,
    record.hostname,
    record.id,
    record.class,
    level,
    localIso(levelSince),
    [...new Set(findings.map(({ rule }) => rule))].join(' '),
    findings.map(({ rule, level: grave, product }) => [rule, grave, product ?? ''].join(' ').trim()).join('; '),
    products.map(({ product, version }) => [product, version ?? ''].join(' ').trim()).join('; '),
    signatureAgeMs === undefined ? '' : (signatureAgeMs / hourMs).toFixed(1),
    localIso(proofTime(evidence)),
  ];
}

const detectionColumns = [
  ...['detected_at', 'unit', 'hostname', 'agent', 'class', 'product', 'name', 'severity', 'category', 'object'],
  ...['object_kind', 'action', 'resolved', 'error_code', 'process', 'sha256', 'origin', 'received_at', 'event'],
];

/** `continued`: rows that follow others in the same file. */
export function writeMalwareCsv(
  detections: readonly StoredDetection[],
  options: { readonly separator: Separator; readonly continued?: boolean },
): string {
  const rows = detections.map(detectionRow);
  return writeCsv(options.continued ? rows : [detectionColumns, ...rows], options);
}

function detectionRow(detection: StoredDetection): string[] {
  const { detectedAt, unit, host, agent, product, name, severity, category, object, action, resolved } = detection;
  const { errorCode, process, sha256, origin, receivedAt, event } = detection;
  return [
    ...[localIso(detectedAt), unit, host, agent, detection.class, product, name, severity, category ?? ''],
    ...[object ?? '', detection.objectKind ?? '', action ?? '', resolved === undefined ? '' : String(resolved)],
    ...[errorCode ?? '', process ?? '', sha256 ?? '', origin ?? '', localIso(receivedAt), event],
  ];
}

/** Vietnam's time of day, with its offset: 2026-11-23T14:05:00+07:00. */
function localIso(time: number | undefined): string {
  return time === undefined ? '' : `${new Date(time + 7 * hourMs).toISOString().slice(0, 19)}+07:00`;
}

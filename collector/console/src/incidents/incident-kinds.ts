/** Kinds of incidents that detectors open, in words: the title, and what to do about it. Rules bring their own. */
import type { DetectorKind } from '../../../src/incidents/incident.ts';
import type { PlainTextKey } from '../text/dictionary.ts';

type KindTexts = readonly [title: PlainTextKey, hint: PlainTextKey];

const known: Readonly<Record<DetectorKind, KindTexts>> = {
  clone: ['kindClone', 'kindCloneHint'],
  'service-down': ['kindServiceDown', 'kindServiceDownHint'],
  'service-unreachable': ['kindServiceUnreachable', 'kindServiceUnreachableHint'],
  'link-down': ['kindLinkDown', 'kindLinkDownHint'],
  'link-degraded': ['kindLinkDegraded', 'kindLinkDegradedHint'],
  'new-device': ['kindNewDevice', 'kindNewDeviceHint'],
  malware: ['kindMalware', 'kindMalwareHint'],
  outbreak: ['kindOutbreak', 'kindOutbreakHint'],
  'compromise-hint': ['kindCompromise', 'kindCompromiseHint'],
  unprotected: ['kindUnprotected', 'kindUnprotectedHint'],
  'unit-unreachable': ['kindUnitUnreachable', 'kindUnitUnreachableHint'],
  'machine-offline': ['kindMachineOffline', 'kindMachineOfflineHint'],
  'agent-stopped': ['kindAgentStopped', 'kindAgentStoppedHint'],
  'collector-cut-off': ['kindCollectorCutOff', 'kindCollectorCutOffHint'],
  'backup-failed': ['kindBackupFailed', 'kindBackupFailedHint'],
  'clock-wrong': ['kindClockWrong', 'kindClockWrongHint'],
  'collector-trouble': ['kindCollectorTrouble', 'kindCollectorTroubleHint'],
};

/** Undefined for a rule's, and for a kind of a newer collector. */
export function kindTexts(kind: string): KindTexts | undefined {
  return Object.hasOwn(known, kind) ? known[kind as DetectorKind] : undefined;
}

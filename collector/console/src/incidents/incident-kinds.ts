/** Kinds of incidents, in words: the title, and what to do about it. */
import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import type { PlainTextKey } from '../text/dictionary.ts';

type KindTexts = readonly [title: PlainTextKey, hint: PlainTextKey];

const known: Readonly<Record<IncidentView['kind'], KindTexts>> = {
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
};

/** Undefined for a kind of a newer collector. */
export function kindTexts(kind: string): KindTexts | undefined {
  return Object.hasOwn(known, kind) ? known[kind as IncidentView['kind']] : undefined;
}

/** The rules FW-01, UP-01, UP-02, DE-01 and OS-EOL: the machine's settings besides antivirus, at one moment. */
import type { PostureState } from './evidence.ts';
import { ageOf, exceeds, type MachineView } from './product-rules.ts';
import { dayMs, facts, hourMs, iso, type Outcome } from './rules.ts';
import type { ProtectionSettings } from './settings.ts';

/** What is not known makes no finding here: none of these rules can make a machine protected. */
export function judgePosture(machine: MachineView, settings: ProtectionSettings): Outcome[] {
  const { posture } = machine.evidence;
  if (!posture) return [];
  const agesKnown = Math.abs(machine.skewMs ?? 0) <= settings.clock_skew_hours * hourMs;
  return [
    ...firewall(posture),
    ...(agesKnown ? updates(posture, { machine, settings }) : []),
    ...(agesKnown ? reboot(posture, { machine, settings }) : []),
    ...encryption(posture, { machine, settings }),
    ...support(posture, { machine, settings }),
  ];
}

interface Question {
  readonly machine: MachineView;
  readonly settings: ProtectionSettings;
}

function firewall({ firewall: filters, profilesOff }: PostureState): Outcome[] {
  if (filters !== false && profilesOff.length === 0) return [];
  const profiles = profilesOff.length > 0 ? profilesOff.join(', ') : undefined;
  // A profile that is off while the firewall filters is not the one in use.
  const level = filters === false ? 'critical' : 'warning';
  return [{ rule: 'FW-01', level, evidence: facts({ firewall: filters, profiles }) }];
}

function updates({ securityUpdates = 0, oldestUpdate, autoUpdates }: PostureState, question: Question): Outcome[] {
  if (securityUpdates <= 0) return [];
  const { thresholds } = question.settings;
  const age = ageOf(oldestUpdate, question.machine.asOf);
  const limits = { warning: thresholds.updates_warning_days, critical: thresholds.updates_critical_days };
  // Without their age, those of a machine that installs by itself are not held against it.
  const level = age === undefined ? (autoUpdates === true ? undefined : 'warning') : exceeds(age, limits);
  if (!level) return [];
  return [{ rule: 'UP-01', level, evidence: facts({ pending: securityUpdates, oldest: iso(oldestUpdate) }) }];
}

function reboot({ rebootPending, rebootPendingSince }: PostureState, { machine, settings }: Question): Outcome[] {
  const age = rebootPending === true ? ageOf(rebootPendingSince, machine.asOf) : undefined;
  const { reboot_warning_days: warning, reboot_critical_days: critical } = settings.thresholds;
  const level = age === undefined ? undefined : exceeds(age, { warning, critical });
  return level ? [{ rule: 'UP-02', level, evidence: facts({ since: iso(rebootPendingSince) }) }] : [];
}

function encryption({ diskEncryption }: PostureState, { machine, settings }: Question): Outcome[] {
  const isRequired = settings.require_encryption.includes(machine.class);
  const isPartly = diskEncryption === 'suspended' || diskEncryption === 'in_progress';
  const isMissing = diskEncryption === 'off' || diskEncryption === 'unsupported';
  if (!isPartly && !(isMissing && isRequired)) return [];
  return [{ rule: 'DE-01', level: isPartly ? 'warning' : 'critical', evidence: facts({ encryption: diskEncryption }) }];
}

function support({ supportEnds, unsupported }: PostureState, { machine, settings }: Question): Outcome[] {
  const left = supportEnds === undefined ? undefined : supportEnds - machine.asOf;
  const isOver = unsupported === true || (unsupported === undefined && (left ?? 1) <= 0);
  const isEnding = left !== undefined && left <= settings.thresholds.support_ends_days * dayMs;
  if (!isOver && !isEnding) return [];
  const evidence = facts({ support_ends: iso(supportEnds) });
  return [{ rule: 'OS-EOL', level: isOver ? 'critical' : 'warning', evidence }];
}

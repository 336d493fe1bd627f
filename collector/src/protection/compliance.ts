/** Whether a machine is protected: a pure function of what is known of it and of how it stood before. */
import { judgePosture } from './machine-rules.ts';
import { judgeProducts, type MachineView } from './product-rules.ts';
import { rules } from './rules.ts';
import type { ProtectionSettings } from './settings.ts';
import { type Finding, noStanding, type Standing, settle } from './standing.ts';

/** From best to worst. Numbers are those of the series `antivirus_state`. */
export const levels = { protected: 2, attention: 1, unknown: -1, unprotected: 0 } as const;
export type Level = keyof typeof levels;
export const levelNames = Object.keys(levels) as [Level, ...Level[]];

export interface Judgement {
  readonly level: Level;
  /** The gravest first. */
  readonly findings: readonly Finding[];
  readonly standing: Standing;
  /** Of the freshest signatures of what protects it, at the moment that ages are counted to. */
  readonly signatureAgeMs: number | undefined;
}

export function judge(
  machine: MachineView,
  look: {
    readonly settings: ProtectionSettings;
    readonly now: number;
    readonly before?: Standing | undefined;
    readonly isSample: boolean;
  },
): Judgement {
  const { settings, before = noStanding } = look;
  const { outcomes, isGuarded, signatureAgeMs } = judgeProducts(machine, settings);
  const { standing, findings } = settle([...outcomes, ...judgePosture(machine, settings)], { ...look, before });
  return { level: levelOf(findings, isGuarded), findings, standing, signatureAgeMs };
}

function levelOf(findings: readonly Finding[], isGuarded: boolean): Level {
  if (findings.some(isUnprotecting)) return 'unprotected';
  if (findings.some(({ level }) => level === 'unknown')) return 'unknown';
  if (findings.length > 0) return 'attention';
  return isGuarded ? 'protected' : 'unknown';
}

/** Whether it says that malware is not kept out. */
export function isUnprotecting({ rule, level }: Finding): boolean {
  return level === 'critical' && rules[rule].weight === 'protection';
}

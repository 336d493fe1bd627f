/** The rules by which a machine's protection is judged: what each is about, and what it weighs. */

/**
 * `protection`: a critical finding means that malware is not kept out, and the machine is unprotected. `hygiene`: it
 * never means more than that the machine needs attention.
 */
type Weight = 'protection' | 'hygiene';

export const rules = {
  'AV-01': { weight: 'protection', about: 'a protection product is installed' },
  'AV-02': { weight: 'protection', about: 'its service runs' },
  'AV-03': { weight: 'protection', about: 'real-time protection is on' },
  'AV-04': { weight: 'protection', about: 'its signatures are fresh' },
  'AV-05': { weight: 'protection', about: 'its updates succeed' },
  'AV-06': { weight: 'hygiene', about: 'scans are made' },
  'AV-07': { weight: 'protection', about: 'its licence is valid' },
  'AV-08': { weight: 'protection', about: 'there are no threats' },
  'AV-09': { weight: 'hygiene', about: 'it is protected against tampering' },
  'AV-10': { weight: 'hygiene', about: 'there is one active product only' },
  'AV-11': { weight: 'hygiene', about: 'it waits for nothing' },
  'AV-12': { weight: 'hygiene', about: 'its program is current' },
  'AV-13': { weight: 'hygiene', about: 'it is centrally managed, where that is required' },
  'AV-15': { weight: 'protection', about: 'what Windows Security Center lists is there' },
  'AV-16': { weight: 'hygiene', about: 'its state can be known' },
  'FW-01': { weight: 'hygiene', about: 'the host firewall filters' },
  'UP-01': { weight: 'hygiene', about: 'security updates are installed' },
  'UP-02': { weight: 'hygiene', about: 'no restart is pending' },
  'DE-01': { weight: 'hygiene', about: 'the system volume is encrypted, where that is required' },
  'OS-EOL': { weight: 'hygiene', about: 'the operating system is supported' },
} as const satisfies Record<string, { readonly weight: Weight; readonly about: string }>;

export type Rule = keyof typeof rules;
export const ruleNames = Object.keys(rules) as [Rule, ...Rule[]];

export const findingLevels = ['critical', 'unknown', 'warning'] as const;
export type FindingLevel = (typeof findingLevels)[number];

/** A rule that is not met at one look, before it is weighed how long it has been so. */
export interface Outcome {
  readonly rule: Rule;
  readonly level: FindingLevel;
  readonly product?: string | undefined;
  /** Until it has been so for this long, it weighs one level less. */
  readonly afterMs?: number | undefined;
  /** Short texts, for people and programs. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** Texts of those that are known. */
export function facts(values: Readonly<Record<string, string | number | boolean | undefined>>): Record<string, string> {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

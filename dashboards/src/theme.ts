/** One colour language for all dashboards, and the limits at which a colour changes. Colour never stands alone. */
import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
  type ValueMappingResult,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type RuleId, type RuleSeverity, ruleById } from '@vonggac/shared';
import type { Language, Text } from './language.ts';

export const colours = {
  ok: 'green',
  info: 'blue',
  warning: 'yellow',
  critical: 'red',
  planned: 'purple',
  noData: '#8e8e8e',
} as const;

export const noDataText: Text = { vi: 'Không có dữ liệu', en: 'No data' };

/** What the lowest values mean, and from which value on they mean something else; ascending. */
export interface Limits {
  readonly lowest: LimitColour;
  readonly steps: readonly (readonly [from: number, colour: LimitColour])[];
}

type LimitColour = RuleSeverity | 'ok';

export const limits = {
  cpuPercent: limitsOf('cpu-saturated'),
  memoryPercent: limitsOf('memory-short'),
  filesystemPercent: limitsOf('disk-filling', 'disk-full'),
  /** No rule: a disk that is busy for long slows its machine down, but is not always a reason to act. */
  diskBusyPercent: { lowest: 'ok', steps: [[80, 'warning']] },
} as const satisfies Readonly<Record<string, Limits>>;

/** The limits at which alert rules of one field fire, each in the colour of its severity. */
export function limitsOf(...ids: readonly RuleId[]): Limits {
  const found = ids.map((id) => {
    const rule = ruleById(id);
    if (rule?.condition.kind !== 'above' && rule?.condition.kind !== 'below') {
      throw new Error(`rule "${id}" has no limit to draw`);
    }
    return { kind: rule.condition.kind, threshold: rule.condition.threshold, severity: rule.severity };
  });
  const sorted = found.toSorted((one, other) => one.threshold - other.threshold);
  const [first] = sorted;
  if (!first || sorted.some(({ kind }) => kind !== first.kind))
    throw new Error(`no common limits of ${ids.join(', ')}`);
  if (first.kind === 'above') {
    return { lowest: 'ok', steps: sorted.map(({ threshold, severity }) => [threshold, severity]) };
  }
  return {
    lowest: first.severity,
    steps: sorted.map(({ threshold }, index) => [threshold, sorted[index + 1]?.severity ?? 'ok']),
  };
}

/** For a number of things that should be none: one of them is as bad as the rule says. */
export function noneOf(id: RuleId): Limits {
  const severity = ruleById(id)?.severity;
  if (severity === undefined) throw new Error(`no rule "${id}"`);
  return { lowest: 'ok', steps: [[1, severity]] };
}

export function thresholds({ lowest, steps }: Limits): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: colours[lowest] },
      ...steps.map(([value, colour]) => ({ value, color: colours[colour] })),
    ]);
}

/** For numbers that are neither good nor bad: Grafana's own default ends in a red step at 80. */
export function noThresholds(): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: 'text' }]);
}

/** A value that stands for a state: what to write and in which colour. */
export interface State {
  readonly text: Text;
  /** Without one, only the text is put in the place of the value. */
  readonly colour?: keyof typeof colours;
}

/**
 * Texts and colours of states, and grey for "no data". Without the latter Grafana gives a missing value the colour of
 * the lowest threshold, which is green.
 */
export function valueMappings(
  language: Language,
  states: Readonly<Record<string, State>> = {},
  noValue: Text = noDataText,
): ValueMapping[] {
  const noData: ValueMapping = {
    type: MappingType.SpecialValue,
    options: {
      match: SpecialValueMatch.NullAndNan,
      result: { text: noValue[language], color: colours.noData, index: 0 },
    },
  };
  const entries = Object.entries(states);
  if (entries.length === 0) return [noData];
  const options: Record<string, ValueMappingResult> = {};
  for (const [index, [value, { text, colour }]] of entries.entries()) {
    options[value] = { text: text[language], ...(colour ? { color: colours[colour] } : {}), index: index + 1 };
  }
  return [noData, { type: MappingType.ValueToText, options }];
}

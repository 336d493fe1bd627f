/** One colour language for all dashboards, and the limits at which a colour changes. Colour never stands alone. */
import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
  type ValueMappingResult,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language, Text } from './language.ts';

export const colours = {
  ok: 'green',
  warning: 'yellow',
  critical: 'red',
  noData: '#8e8e8e',
} as const;

export const noDataText: Text = { vi: 'Không có dữ liệu', en: 'No data' };

/** From which value on a reading is a warning, and from which it is critical. */
export interface Limits {
  readonly warning: number;
  readonly critical: number;
}

export const limits = {
  cpuPercent: { warning: 80, critical: 95 },
  memoryPercent: { warning: 85, critical: 95 },
  filesystemPercent: { warning: 85, critical: 95 },
  diskBusyPercent: { warning: 80, critical: 95 },
} as const satisfies Readonly<Record<string, Limits>>;

export function thresholds({ warning, critical }: Limits): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: colours.ok },
    { value: warning, color: colours.warning },
    { value: critical, color: colours.critical },
  ]);
}

/** For numbers that are neither good nor bad: Grafana's own default ends in a red step at 80. */
export function noThresholds(): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: 'text' }]);
}

/** A value that stands for a state: what to write and in which colour. */
export interface State {
  readonly text: Text;
  readonly colour: keyof typeof colours;
}

/**
 * Texts and colours of states, and grey for "no data". Without the latter Grafana gives a missing value the colour of
 * the lowest threshold, which is green.
 */
export function valueMappings(language: Language, states: Readonly<Record<string, State>> = {}): ValueMapping[] {
  const noData: ValueMapping = {
    type: MappingType.SpecialValue,
    options: {
      match: SpecialValueMatch.NullAndNan,
      result: { text: noDataText[language], color: colours.noData, index: 0 },
    },
  };
  const entries = Object.entries(states);
  if (entries.length === 0) return [noData];
  const options: Record<string, ValueMappingResult> = {};
  for (const [index, [value, { text, colour }]] of entries.entries()) {
    options[value] = { text: text[language], color: colours[colour], index: index + 1 };
  }
  return [noData, { type: MappingType.ValueToText, options }];
}

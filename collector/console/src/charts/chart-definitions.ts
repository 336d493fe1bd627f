/** The charts of a machine. A measurement or field that the catalogue lacks does not compile. */
import type { FieldName, MeasurementName, TagName } from '@vonggac/shared';
import { writeMs } from '../links/link-numbers.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import type { Format } from '../text/format.ts';

/** The fields that a chart draws, of one measurement. */
type Source = {
  [M in MeasurementName]: {
    readonly measurement: M;
    readonly fields: readonly FieldName<M>[];
    /** The tag that tells the series apart, of which one is chosen. */
    readonly tag?: TagName<M>;
  };
}[MeasurementName];

export type ChartDefinition = Source & {
  readonly name: PlainTextKey;
  /** Shares of a whole are stacked; others are drawn over each other. */
  readonly stacked?: boolean;
  /** Upper end of the scale; without one it follows the data … */
  readonly max?: number;
  /** … but reaches at least this far: noise must not fill a chart. */
  readonly maxAtLeast?: number;
  /** What a value is multiplied by before it is drawn. */
  readonly factor?: number;
  readonly choose?: PlainTextKey;
  /** As wide as the page. */
  readonly wide?: boolean;
  readonly write: (value: number, format: Format) => string;
};

export const chartDefinitions = [
  {
    name: 'cpu',
    measurement: 'cpu',
    fields: ['user_percent', 'system_percent', 'iowait_percent', 'steal_percent'],
    stacked: true,
    max: 100,
    write: (value, format) => format.percent(value),
  },
  {
    name: 'memory',
    measurement: 'memory',
    fields: ['used_percent'],
    max: 100,
    write: (value, format) => format.percent(value),
  },
  {
    name: 'network',
    measurement: 'network',
    fields: ['receive_bytes_per_second', 'transmit_bytes_per_second'],
    tag: 'interface',
    choose: 'chooseInterface',
    factor: 8,
    maxAtLeast: 100_000,
    write: (value, format) => format.bitRate(value),
  },
  {
    name: 'diskIo',
    measurement: 'disk_io',
    fields: ['read_bytes_per_second', 'write_bytes_per_second'],
    tag: 'device',
    choose: 'chooseDisk',
    maxAtLeast: 100_000,
    write: (value, format) => format.byteRate(value),
  },
  {
    name: 'load',
    measurement: 'system',
    fields: ['load_1m', 'load_5m', 'load_15m'],
    maxAtLeast: 1,
    write: (value, format) => format.number(value, 2),
  },
  {
    name: 'answerTime',
    measurement: 'connectivity',
    fields: ['rtt_ms', 'rtt_max_ms'],
    tag: 'target',
    choose: 'chooseTarget',
    wide: true,
    maxAtLeast: 10,
    write: (value, format) => writeMs(value, format),
  },
] as const satisfies readonly ChartDefinition[];

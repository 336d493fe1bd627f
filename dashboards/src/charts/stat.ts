import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { overRange, type Selection } from '../queries.ts';
import { type Limits, noThresholds, type State, thresholds, valueMappings } from '../theme.ts';
import { type Chart, type ChartOptions, type Context, formatOf, freshness, setHead, target } from './chart.ts';

const height = 4;

interface StatOptions extends ChartOptions {
  /** One field, one series. */
  readonly selection: Selection;
  /** Colours the tile. */
  readonly limits?: Limits;
  /** Texts and colours of the values, where they are states. */
  readonly states?: Readonly<Record<string, State>>;
}

function bigValue(context: Context, options: ChartOptions & { selection: Selection }): PanelBuilder {
  const panel = new PanelBuilder()
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .withTarget(
      target(context, {
        refId: 'A',
        query: overRange(options.selection, context.language),
        resultFormat: 'time_series',
        alias: '$col',
      }),
    );
  setHead(panel, { ...options, context, height });
  return panel;
}

/** A tile with the present value; grey when there is none. */
export function stat(context: Context, options: StatOptions): Chart {
  const { selection, limits, states } = options;
  const { unit, decimals } = formatOf(selection.columns[0]);
  const panel = bigValue(context, options)
    .timeFrom(freshness(selection))
    .hideTimeOverride(true)
    .unit(unit)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(BigValueColorMode.Background)
    .thresholds(limits ? thresholds(limits) : noThresholds())
    .mappings(valueMappings(context.language, states));
  if (!limits && !states) panel.colorMode(BigValueColorMode.None);
  if (decimals !== undefined) panel.decimals(decimals);
  return panel;
}

/** A tile that says how long ago the last reading was made, within the range of the dashboard. */
export function lastSeen(context: Context, options: ChartOptions & { selection: Selection }): Chart {
  return bigValue(context, options)
    .unit('dateTimeFromNow')
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('/^Time$/'))
    .colorMode(BigValueColorMode.None)
    .thresholds(noThresholds())
    .mappings(valueMappings(context.language));
}

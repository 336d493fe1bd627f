import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Target } from '../dialects/dialect.ts';
import type { Selection } from '../queries.ts';
import { type Limits, noThresholds, type State, thresholds, valueMappings } from '../theme.ts';
import { type Chart, type ChartOptions, type Context, formatOf, freshness, setHead } from './chart.ts';

const height = 4;

interface StatOptions extends ChartOptions {
  /** One field, one series. */
  readonly selection: Selection;
  /** Colours the tile. */
  readonly limits?: Limits;
  /** Texts and colours of the values, where they are states. */
  readonly states?: Readonly<Record<string, State>>;
}

function bigValue(context: Context, options: ChartOptions & { target: Target }): PanelBuilder {
  const panel = new PanelBuilder()
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value)
    .withTarget(options.target);
  setHead(panel, { height, ...options, context });
  return panel;
}

/** A tile with the present value; grey when there is none. */
export function stat(context: Context, options: StatOptions): Chart {
  const { selection, limits, states } = options;
  const { unit, decimals } = formatOf(selection.columns[0]);
  const panel = bigValue(context, { ...options, target: context.dialect.value(selection, context) })
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
  const { target, field } = context.dialect.readAt(options.selection, context);
  const last = new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
  return bigValue(context, { ...options, target })
    .unit('dateTimeFromNow')
    .reduceOptions(field === undefined ? last : last.fields(`/^${field}$/`))
    .colorMode(BigValueColorMode.None)
    .thresholds(noThresholds())
    .mappings(valueMappings(context.language));
}

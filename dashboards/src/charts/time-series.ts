import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Selection } from '../queries.ts';
import { type Limits, noThresholds, thresholds } from '../theme.ts';
import { type Chart, type ChartOptions, type Context, formatOf, setHead, stepSeconds } from './chart.ts';

interface TimeSeriesOptions extends ChartOptions {
  readonly selections: readonly [Selection, ...Selection[]];
  /** Top of the axis, where values have one. The bottom is 0. */
  readonly max?: number;
  /** Values may be negative. */
  readonly signed?: boolean;
  readonly stacked?: boolean;
  /** Drawn as lines. */
  readonly limits?: Limits;
}

const height = 8;
/** Readings that may be missing before the line breaks. */
const toleratedSteps = 3;

/** Lines over time. The unit is that of the first field: a panel has one axis. */
export function timeSeries(context: Context, options: TimeSeriesOptions): Chart {
  const { selections, limits } = options;
  const [first] = selections;
  // Where the last readings of many are added up, each must have one in each window, or the sum would jump.
  const step = Math.max(...selections.map((each) => stepSeconds(each) * (each.ofLast.length > 0 ? 2 : 1)));
  const { unit, decimals } = formatOf(first.columns[0]);
  const panel = new PanelBuilder()
    .unit(unit)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .interval(`${step}s`)
    .spanNulls(toleratedSteps * step * 1_000)
    .showPoints(VisibilityMode.Never)
    .fillOpacity(options.stacked ? 40 : 10)
    .legend(legend())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .thresholds(limits ? thresholds(limits) : noThresholds());
  setHead(panel, { height, ...options, context });
  if (decimals !== undefined) panel.decimals(decimals);
  if (!options.signed) panel.min(0);
  if (options.max !== undefined) panel.max(options.max);
  if (options.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (limits) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  for (const target of context.dialect.lines(selections, context)) panel.withTarget(target);
  return panel;
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs(['lastNotNull', 'max']);
}

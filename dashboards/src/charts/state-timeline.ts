import {
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { Selection } from '../queries.ts';
import { noThresholds, type State, valueMappings } from '../theme.ts';
import { type Chart, type ChartOptions, type Context, setHead, stepSeconds } from './chart.ts';

interface StateTimelineOptions extends ChartOptions {
  /** One field; one bar for each series. */
  readonly selection: Selection;
  readonly states: Readonly<Record<string, State>>;
}

const height = 6;
const toleratedSteps = 3;

/** States over time, equal ones joined; a gap is a time without readings. */
export function stateTimeline(context: Context, options: StateTimelineOptions): Chart {
  const { selection } = options;
  const step = stepSeconds(selection);
  const panel = new PanelBuilder()
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .interval(`${step}s`)
    .spanNulls(toleratedSteps * step * 1_000)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .alignValue(TimelineValueAlignment.Left)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .thresholds(noThresholds())
    .mappings(valueMappings(context.language, options.states));
  for (const target of context.dialect.lines([selection], context)) panel.withTarget(target);
  setHead(panel, { height, ...options, context });
  return panel;
}

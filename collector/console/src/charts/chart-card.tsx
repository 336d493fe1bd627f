import { useMemo, useState } from 'preact/hooks';
import type { CatalogueAnswer } from '../../../src/http/schemas.ts';
import { useServerNow } from '../live/clock.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import type { ChartDefinition } from './chart-definitions.ts';
import { seriesColorName } from './chart-options.ts';
import { GapLegend } from './gap-legend.tsx';
import { type Gap, gapBands } from './gaps.ts';
import { Plot, type PlotData } from './plot.tsx';
import {
  busiest,
  type Column,
  type Grid,
  gridOf,
  gridTimes,
  type SampleSet,
  samplesKey,
  stackColumns,
  toColumn,
} from './samples.ts';
import type { TimeRange } from './time-range.ts';

interface Past {
  readonly samples: SampleSet | undefined;
  readonly gaps: readonly Gap[];
}

function newestOf(column: Column): number | undefined {
  return column.findLast((value) => value != null) ?? undefined;
}

/** The columns as they are measured, and as they are drawn. */
function drawable(
  { measurement, fields, factor = 1, stacked }: ChartDefinition,
  from: Past & { readonly name: string; readonly grid: Grid },
): { readonly columns: readonly Column[]; readonly data: PlotData } {
  const columns = fields.map((field) =>
    toColumn(from.samples?.get(samplesKey(measurement, field))?.get(from.name), from.grid).map((value) =>
      value == null ? value : value * factor,
    ),
  );
  const times = gridTimes(from.grid).map((time) => time / 1_000);
  return {
    columns,
    data: { times, columns: stacked ? stackColumns(columns) : columns, gapBands: gapBands(from.gaps, from.grid) },
  };
}

/** One chart with its name, its newest value and a legend that follows the pointer. */
export function ChartCard(props: {
  readonly definition: ChartDefinition;
  readonly samples: SampleSet | undefined;
  readonly gaps: readonly Gap[];
  readonly range: TimeRange;
  readonly catalogue: CatalogueAnswer | undefined;
  /** The newest value in words. */
  readonly headline: string | undefined;
}) {
  const { t, format, language } = useTexts();
  const { definition, samples, gaps, range } = props;
  const { measurement, fields } = definition;
  const [chosen, setChosen] = useState<string>();
  const [cursor, setCursor] = useState<number>();

  const byNames = fields.map((field) => samples?.get(samplesKey(measurement, field)));
  const names = [...new Set(byNames.flatMap((byName) => [...(byName?.keys() ?? [])]))].sort();
  const name = chosen !== undefined && names.includes(chosen) ? chosen : busiest(byNames);

  const { from, to } = gridOf(range, useServerNow());
  const { columns, data } = useMemo(
    () => drawable(definition, { samples, gaps, name, grid: gridOf(range, to) }),
    [definition, samples, gaps, name, range, to],
  );
  const pointedAt = cursor === undefined ? undefined : (data.times[cursor] ?? 0) * 1_000;
  // A window to each side, or a short gap between two of them could not be pointed at.
  const pointed =
    pointedAt === undefined ? undefined : { from: pointedAt - range.stepMs, to: pointedAt + range.stepMs };
  const isEmpty = columns.every((column) => newestOf(column) === undefined);
  const style = useMemo(
    () => ({
      stacked: definition.stacked ?? false,
      max: definition.max,
      maxAtLeast: definition.maxAtLeast ?? 0,
      seriesCount: definition.fields.length,
      write: (value: number) => definition.write(value, format),
      format,
      onCursor: setCursor,
    }),
    [definition, format],
  );
  const legends = props.catalogue?.measurements[measurement]?.fields;
  const title = t(definition.name);

  return (
    <section class={definition.wide ? 'card card-wide' : 'card'} data-chart={definition.name}>
      <header class="card-head">
        <h2>{title}</h2>
        {names.length > 1 && definition.choose && (
          <select
            class="chart-choice"
            aria-label={t(definition.choose)}
            value={name}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {names.map((each) => (
              <option key={each} value={each}>
                {safeText(each)}
              </option>
            ))}
          </select>
        )}
        {names.length === 1 && name !== '' && <span class="chart-only">{safeText(name)}</span>}
        <span class="card-headline">{props.headline}</span>
      </header>
      <div class="plot-place">
        <Plot
          style={style}
          data={data}
          label={t('chartLabel', { name: title, value: props.headline ?? t('unknown') })}
        />
        {samples && isEmpty && <p class="plot-empty">{t('noDataInRange')}</p>}
      </div>
      <ul class="legend">
        {fields.map((field, index) => {
          const column = columns[index] ?? [];
          const value = cursor === undefined ? newestOf(column) : column[cursor];
          return (
            <li key={field}>
              <span class="legend-mark" style={{ background: `var(${seriesColorName(index)})` }} aria-hidden="true" />
              {legends?.[field]?.[language]}
              <b>{value == null ? '–' : style.write(value)}</b>
            </li>
          );
        })}
        <li class="legend-time">{pointedAt !== undefined && format.dateTime(pointedAt)}</li>
      </ul>
      <GapLegend gaps={gaps} range={{ from, to }} pointed={pointed} />
    </section>
  );
}

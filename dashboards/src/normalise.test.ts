import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { expect, test } from 'vitest';
import { normalise } from './normalise.ts';

function build(...sizes: readonly ('row' | readonly [width: number, height: number])[]): Dashboard {
  const dashboard = new DashboardBuilder('d').uid('d');
  for (const [index, size] of sizes.entries()) {
    if (size === 'row') dashboard.withRow(new RowBuilder('r'));
    else dashboard.withPanel(new PanelBuilder().id(index).span(size[0]).height(size[1]));
  }
  return dashboard.build();
}

function positions(dashboard: Dashboard): unknown[] {
  return normalise(dashboard).panels.map(({ gridPos: { x, y, w, h } }) => [x, y, w, h]);
}

test('panels fill a line and go on below its highest', () => {
  expect(positions(build([8, 4], [16, 8], [24, 6], [12, 3]))).toEqual([
    [0, 0, 8, 4],
    [8, 0, 16, 8],
    [0, 8, 24, 6],
    [0, 14, 12, 3],
  ]);
});

test('a panel that does not fit beside the others goes below them', () => {
  // The kit would put the last one at column 18, with 24 columns.
  expect(positions(build([6, 4], [12, 4], [24, 4]))).toEqual([
    [0, 0, 6, 4],
    [6, 0, 12, 4],
    [0, 4, 24, 4],
  ]);
});

test('row headings have a line and an id of their own', () => {
  const dashboard = build('row', [12, 4], 'row', [24, 4]);
  expect(positions(dashboard)).toEqual([
    [0, 0, 24, 1],
    [0, 1, 12, 4],
    [0, 5, 24, 1],
    [0, 6, 24, 4],
  ]);
  expect(normalise(dashboard).panels.map(({ id }) => id)).toEqual([1000, 1, 1001, 3]);
});

test('nothing but JSON is left', () => {
  const dashboard = build([8, 4]);
  const [panel] = dashboard.panels ?? [];
  Object.assign(panel ?? {}, { targets: [{ refId: 'A', alias: undefined, _implementsDataqueryVariant() {} }] });
  const plain = normalise(dashboard);
  expect(structuredClone(plain)).toEqual(plain);
  expect(Object.keys(plain.panels[0]?.targets?.[0] ?? {})).toEqual(['refId']);
  expect(plain.id).toBeNull();
});

/**
 * Makes plain JSON of what the kit builds. It leaves functions in objects, gives rows no ids and lets wide panels hang
 * over the edge; the result has none of that, and the same input always gives the same text.
 */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly fieldConfig?: FieldConfigJson;
  readonly gridPos: GridPosition;
  /** Least length of a window, like `10s`. */
  readonly interval?: string;
  /** Range instead of the dashboard's, like `5m`. */
  readonly timeFrom?: string;
  readonly targets?: readonly TargetJson[];
}

/** The text of a query stands in `query` for InfluxDB, in `expr` for Prometheus. */
export interface TargetJson {
  readonly refId: string;
  readonly query?: string;
  readonly expr?: string;
}

export function textOf({ query, expr }: TargetJson): string {
  return query ?? expr ?? '';
}

interface FieldConfigJson {
  readonly defaults: {
    readonly unit?: string;
    readonly noValue?: string;
    readonly min?: number;
    readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
    readonly custom?: { readonly spanNulls?: boolean | number };
  };
  readonly overrides?: readonly OverrideJson[];
}

interface OverrideJson {
  readonly matcher: { readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly regex?: string;
  readonly includeAll?: boolean;
}

/** A dashboard as Grafana reads it from a file; only what this code looks at has a type. */
export interface DashboardJson {
  /** Given by each Grafana; the uid is what stays. */
  readonly id: null;
  readonly uid: string;
  readonly title: string;
  readonly editable?: boolean;
  readonly tags?: readonly string[];
  readonly refresh?: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly graphTooltip?: number;
  readonly links?: readonly { readonly keepTime: boolean; readonly includeVars: boolean }[];
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
}

const columns = 24;
/** Rows are never linked to, so they are numbered in order, above all panels. */
const firstRowId = 1_000;

export function normalise(dashboard: Dashboard): DashboardJson {
  const plain = JSON.parse(JSON.stringify(dashboard, withoutPlacement)) as DashboardJson;
  // Without variables the kit leaves the list out.
  const templating = { list: plain.templating.list ?? [] };
  return { ...plain, id: null, templating, panels: layOut(numberRows(plain.panels)) };
}

/** The kit puts every link into a menu that newer Grafana keeps shut. */
function withoutPlacement(key: string, value: unknown): unknown {
  return key === 'placement' && value === 'inControlsMenu' ? undefined : value;
}

function numberRows(panels: readonly PanelJson[]): PanelJson[] {
  let id = firstRowId;
  return panels.map((panel) => (panel.type === 'row' ? { ...panel, id: id++ } : panel));
}

/** From left to right, in lines as high as their highest panel; a row heading has a line of its own. */
function layOut(panels: readonly PanelJson[]): PanelJson[] {
  let x = 0;
  let y = 0;
  let lineHeight = 0;
  return panels.map((panel) => {
    const { w, h } = panel.gridPos;
    if (x + w > columns) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const gridPos = { x, y, w, h };
    x += w;
    lineHeight = Math.max(lineHeight, h);
    return { ...panel, gridPos };
  });
}

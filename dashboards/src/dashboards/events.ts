/** What the collector writes into Grafana as annotations, on the graphs of all dashboards; its tags are in docs/guide/alerts.md. */
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { uids } from '../charts/links.ts';
import type { Language, Text } from '../language.ts';
import { colours } from '../theme.ts';

/** Grafana's own annotations, under the name that it gives this source everywhere. */
const source = { type: 'grafana', uid: '-- Grafana --' } as const;
/** Of each kind; a screen full of lines says nothing. */
const limit = 100;

const kinds: readonly { readonly tag: string; readonly name: Text; readonly colour: keyof typeof colours }[] = [
  { tag: 'outage', name: { vi: 'Mất liên lạc', en: 'Outages' }, colour: 'critical' },
  { tag: 'malware', name: { vi: 'Mã độc', en: 'Malware' }, colour: 'critical' },
  { tag: 'incident', name: { vi: 'Sự cố đã nhận', en: 'Acknowledged' }, colour: 'warning' },
  { tag: 'maintenance', name: { vi: 'Bảo trì', en: 'Maintenance' }, colour: 'planned' },
  { tag: 'machine', name: { vi: 'Thay đổi máy', en: 'Machines' }, colour: 'info' },
];

const ofOneUnit: ReadonlySet<string> = new Set([uids.unit, uids.machine]);

/**
 * Where one unit is looked at, only what is about it. Tags are compared as a whole: with several units, or all of them,
 * none is found.
 */
export function eventQueries(language: Language, dashboard: string): AnnotationQueryBuilder[] {
  return kinds.map(({ tag, name, colour }) => {
    const tags = ['vonggac', tag, ...(ofOneUnit.has(dashboard) ? ['unit:$unit'] : [])];
    const target = { type: 'tags', tags, matchAny: false, limit, _implementsDataqueryVariant() {} };
    return new AnnotationQueryBuilder()
      .name(name[language])
      .datasource(source)
      .enable(true)
      .iconColor(colours[colour])
      .target({ build: (): Dataquery => target });
  });
}

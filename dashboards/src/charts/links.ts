/** Ways from one dashboard to the next: province, unit, machine. The range goes along. */
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language, Text } from '../language.ts';

export const uids = {
  province: 'vonggac-province',
  unit: 'vonggac-unit',
  machine: 'vonggac-machine',
  links: 'vonggac-links',
  protection: 'vonggac-protection',
  capacity: 'vonggac-capacity',
  collector: 'vonggac-collector',
} as const;

const openUnit: Text = { vi: 'Mở đơn vị', en: 'Open the unit' };
const openMachine: Text = { vi: 'Mở máy', en: 'Open the machine' };

/** Grafana encodes the values for the address itself. A machine has its name shown and goes by its agent. */
export function linksOfTag(
  tag: string,
  options: { language: Language; tags: readonly string[] },
): DynamicConfigValue[] {
  const { language, tags } = options;
  const unit = `var-unit=\${__data.fields.unit}`;
  if (tag === 'unit') return links(openUnit[language], { uid: uids.unit, variables: [unit] });
  if (tag === 'agent' && tags.includes('host')) return [{ id: 'custom.hidden', value: true }];
  if (tag === 'host' && tags.includes('agent') && tags.includes('unit')) {
    const variables = [unit, `var-agent=\${__data.fields.agent}`];
    return links(openMachine[language], { uid: uids.machine, variables });
  }
  return [];
}

function links(title: string, options: { uid: string; variables: readonly string[] }): DynamicConfigValue[] {
  const url = `/d/${options.uid}?${[...options.variables, `\${__url_time_range}`].join('&')}`;
  return [{ id: 'links', value: [{ title, url }] }];
}

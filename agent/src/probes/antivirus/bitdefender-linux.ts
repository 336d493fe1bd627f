/** Bitdefender GravityZone on Linux. Source: `bduitool get ps`. */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';
import { knownTime, parseLabelledLines } from './labelled-lines.ts';

export const bitdefender: CommandProduct = {
  product: 'bitdefender',
  name: 'Bitdefender Endpoint Security Tools',
  folder: '/opt/bitdefender-security-tools',
  async read(ask) {
    const { stdout } = await ask('bin/bduitool', 'get', 'ps');
    return { ...parseProductStatus(stdout), source: 'bduitool' };
  },
};

export function parseProductStatus(text: string): Reading {
  const lines = parseLabelledLines(text);
  const version = lines.get('product version');
  const antimalware = lines.get('antimalware status');
  if (version === undefined && antimalware === undefined) throw new Error(`bduitool is not understood: ${quote(text)}`);
  const engines = lines.get('engines version');
  return {
    version,
    engineVersion: engines,
    signatureVersion: engines,
    signatureTime: parseUpdateTime(lines.get('last security content update')),
    realtime: switchOf(antimalware, { on: 'on', off: 'off' }),
    outOfDate: switchOf(lines.get('new security content available'), { on: 'yes', off: 'no' }),
  };
}

function switchOf(value: string | undefined, words: { on: string; off: string }): boolean | undefined {
  const word = value?.toLowerCase();
  return word === words.on ? true : word === words.off ? false : undefined;
}

/** `2023-08-24 at 11:44:37 GMT+2` */
function parseUpdateTime(text: string | undefined): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d) at (\d\d:\d\d:\d\d) GMT(?:([+-])(\d{1,2})(?::?(\d\d))?)?$/.exec(text ?? '');
  if (!found) return undefined;
  const [, date, clock, sign = '+', hours = '0', minutes = '00'] = found;
  return knownTime(Date.parse(`${date}T${clock}${sign}${hours.padStart(2, '0')}:${minutes}`));
}

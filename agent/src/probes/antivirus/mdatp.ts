/** Microsoft Defender for Endpoint on Linux. Source: `mdatp health --output json`. */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';
import { knownTime } from './labelled-lines.ts';

export const mdatp: CommandProduct = {
  product: 'mde',
  name: 'Microsoft Defender for Endpoint',
  folder: '/opt/microsoft/mdatp',
  service: 'wdavdaemon',
  async read(ask) {
    const { stdout } = await ask('/usr/bin/mdatp', 'health', '--output', 'json');
    return { ...parseHealth(stdout), source: 'mdatp health' };
  },
};

/** Throws when it is no object; a service that is out of order makes it write `1`. */
export function parseHealth(text: string): Reading {
  let health: unknown;
  try {
    health = JSON.parse(text);
  } catch (error) {
    throw new Error(`mdatp health is not JSON: ${quote(text)}`, { cause: error });
  }
  if (typeof health !== 'object' || health === null || Array.isArray(health)) {
    throw new Error(`mdatp health is not an object: ${quote(text)}`);
  }
  const valueFor = (key: string): unknown => valueIn((health as Record<string, unknown>)[key]);
  const isPassive = booleanOf(valueFor('passiveModeEnabled'));
  const version = textOf(valueFor('appVersion'));
  if (version === undefined) throw new Error(`mdatp health names no version: ${quote(text)}`);
  const issues = valueFor('healthIssues');
  const licensed = booleanOf(valueFor('licensed'));
  const tamper = textOf(valueFor('tamperProtection'));
  return {
    version,
    realtime: booleanOf(valueFor('realTimeProtectionEnabled')),
    mode: isPassive === true ? 'passive' : undefined,
    engineVersion: textOf(valueFor('engineVersion')),
    signatureVersion: textOf(valueFor('definitionsVersion')),
    signatureTime: timeOf(valueFor('definitionsUpdated')),
    outOfDate: outOfDate(valueFor('definitionsStatus')),
    licenceStatus: licensed === undefined ? undefined : licensed ? 'valid' : 'none',
    // After that this build gets no signatures any more.
    licenceExpires: timeOf(valueFor('productExpiration')),
    tamperProtected: tamper === undefined ? undefined : tamper === 'block',
    problem:
      Array.isArray(issues) && issues.length > 0 ? issues.filter((issue) => textOf(issue)).join(', ') : undefined,
  };
}

/** Settings that can be managed are objects with a `value`. */
function valueIn(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && 'value' in value ? value.value : value;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Milliseconds since 1970, as text. */
function timeOf(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? knownTime(Number(value)) : undefined;
}

function outOfDate(status: unknown): boolean | undefined {
  const type = typeof status === 'object' && status !== null && '$type' in status ? status.$type : status;
  if (typeof type !== 'string' || type === 'unknown') return undefined;
  return type !== 'upToDate' && type !== 'up_to_date';
}

/** CrowdStrike Falcon on Linux. Source: `falconctl`; it has no signatures. The customer's id is not asked for. */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';

export const crowdstrike: CommandProduct = {
  product: 'crowdstrike',
  name: 'CrowdStrike Falcon',
  folder: '/opt/CrowdStrike',
  async read(ask) {
    const { stdout } = await ask('falconctl', '-g', '--aid', '--version', '--rfm-state');
    return { ...parseFalcon(stdout), source: 'falconctl' };
  },
};

/** `aid="…", version = 7.14.16703.0, rfm-state=false, rfm-reason=None, code=0x0` */
export function parseFalcon(text: string): Reading {
  const version = /\bversion\s*=\s*(\d+(?:\.\d+){1,5})/.exec(text)?.[1];
  const reduced = /\brfm-state\s*=\s*(true|false)\b/.exec(text)?.[1];
  if (version === undefined && reduced === undefined) throw new Error(`falconctl is not understood: ${quote(text)}`);
  const isEnrolled =
    /\baid\s*=\s*"?[0-9a-f]{32}\b/i.test(text) || (/\baid is not set\b/.test(text) ? false : undefined);
  return {
    version,
    managed: isEnrolled,
    // Without an id it gets no policy, in reduced functionality mode it watches next to nothing.
    realtime: reduced === 'true' || isEnrolled === false ? false : reduced === 'false' && isEnrolled ? true : undefined,
    problem:
      reduced === 'true'
        ? 'reduced functionality mode: the kernel is not supported'
        : isEnrolled === false
          ? 'it is not enrolled'
          : undefined,
  };
}

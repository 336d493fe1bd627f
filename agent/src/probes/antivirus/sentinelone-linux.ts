/** SentinelOne on Linux. Source: `sentinelctl`; it has no signatures. What names the site and its key is not read. */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';

export const sentinelone: CommandProduct = {
  product: 'sentinelone',
  name: 'SentinelOne',
  folder: '/opt/sentinelone',
  async read(ask) {
    const outputs: string[] = [];
    for (const args of [['version'], ['control', 'status'], ['management', 'status']]) {
      outputs.push((await ask('bin/sentinelctl', ...args)).stdout);
    }
    return { ...parseSentinel(outputs.join('\n')), source: 'sentinelctl' };
  },
};

/** `Agent version: 30.1.1.10`, then columns with two spaces or more between them: `Agent state      Enabled`. */
export function parseSentinel(text: string): Reading {
  const valueFor = (label: string) =>
    new RegExp(String.raw`^[ \t]*${label}(?::[ \t]*|[ \t]{2,})(\S{1,64})[ \t\r]*$`, 'im')
      .exec(text)?.[1]
      ?.toLowerCase();
  const version = valueFor('agent version');
  const state = valueFor('agent state');
  if (version === undefined && state === undefined) throw new Error(`sentinelctl is not understood: ${quote(text)}`);
  const connectivity = valueFor('connectivity');
  return {
    version,
    realtime: state === 'enabled' ? true : state === 'disabled' ? false : undefined,
    tamperProtected: switchOf(valueFor('anti tamper')),
    managed: true,
    problem: connectivity === 'off' ? 'it does not reach its management' : undefined,
  };
}

function switchOf(word: string | undefined): boolean | undefined {
  return word === 'on' ? true : word === 'off' ? false : undefined;
}

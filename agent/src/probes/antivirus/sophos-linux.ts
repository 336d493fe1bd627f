/**
 * Sophos on Linux. Protection for Linux has no program that says its state: that it watches files is seen by the kernel's
 * marks only. Anti-Virus 9, which is no longer supported, says it by `savdstatus`.
 */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';

export const sophosProducts: readonly CommandProduct[] = [
  { product: 'sophos', name: 'Sophos Protection for Linux', folder: '/opt/sophos-spl' },
  {
    product: 'sophos',
    name: 'Sophos Anti-Virus for Linux',
    folder: '/opt/sophos-av',
    async read(ask) {
      const { stdout } = await ask('bin/savdstatus');
      return { ...parseSavdstatus(stdout), source: 'savdstatus' };
    },
    // It tells its state by its exit code too.
    exitCodes: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  },
];

/** Only the first of these was seen; the others are as its manual words them. */
export function parseSavdstatus(text: string): Reading {
  const problem = 'this version is no longer supported by its maker';
  if (/is active and on-access scanning is running/.test(text)) return { realtime: true, problem };
  if (/is active but on-access scanning is not running/.test(text)) return { realtime: false, problem };
  if (/is inactive/.test(text)) return { realtime: false, problem };
  throw new Error(`savdstatus is not understood: ${quote(text)}`);
}

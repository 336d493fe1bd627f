/** Whether the makers of the operating system still mend it. Source: /etc/os-release. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOsRelease } from './os-release.ts';
import type { PosturePart } from './posture.ts';
import { linuxSupportEnd, supportFields } from './support-ends.ts';

export function supportPart(root: string): PosturePart {
  return {
    name: 'end of support',
    read({ time }) {
      const release = parseOsRelease(readFileSync(join(root, 'etc/os-release'), 'utf8'));
      const end = linuxSupportEnd(release);
      if (end === undefined)
        return { problem: `not known for ${release.id || 'a system without a name'} ${release.version}` };
      return supportFields(end, time);
    },
  };
}

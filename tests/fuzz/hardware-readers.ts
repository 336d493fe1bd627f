/** What the agent reads of hardware: output of programs, answers of `upsd`. As with protection products, all may be garbage. */
import { diskPoints } from '../../agent/src/probes/machine/disk-health-windows.ts';
import { parseUpsList, parseVariables } from '../../agent/src/probes/machine/nut.ts';
import { parseSmartctl } from '../../agent/src/probes/machine/smartctl.ts';
import { parseAnswer } from '../../agent/src/probes/windows/script-answer.ts';
import { type Parser, readerOf, samples } from './protection-readers.ts';
import type { Reader } from './readers.ts';

const now = Date.UTC(2026, 10, 23);

function hardware(...names: readonly [string, ...string[]]): Parser['good'] {
  return samples('hardware', names);
}

const parsers: readonly Parser[] = [
  {
    file: 'machine/disk-health-windows.ts',
    good: ['{"disks":[{"DeviceId":"0","FriendlyName":"Samsung SSD 870","HealthStatus":2}]}'],
    parse: (text) => diskPoints(parseAnswer(text), now),
  },
  { file: 'machine/nut.ts', good: hardware('nut-list-ups.txt'), parse: (text) => new Set(parseUpsList(text)) },
  {
    file: 'machine/nut.ts',
    good: hardware('nut-on-line.txt', 'nut-on-battery-low.txt', 'nut-recorded-2.8.0.txt'),
    parse: (text) => parseVariables(text, ['phong-may']).readings,
  },
  {
    file: 'machine/smartctl.ts',
    good: hardware('smartctl-sata-failing.json', 'smartctl-nvme-worn.json', 'smartctl-sas.json'),
    parse(text) {
      const answer = parseSmartctl(text);
      if (answer.state === 'read' && !/"passed":(?:true|false)/.test(text.replace(/\s/g, ''))) {
        throw new TypeError('a verdict that nothing in the text gives');
      }
      return answer.state === 'read' ? answer.health.failing || answer.health : undefined;
    },
  },
];

export const hardwareReaders: readonly Reader[] = parsers.map(readerOf);

import { catalogue } from '@vonggac/shared';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../log.ts';
import { parseCadence } from '../scheduler/cadence.ts';
import type { AgentStatus } from './machine/agent-self.ts';
import { createProbes } from './registry.ts';
import { ProbeRunner } from './run-probe.ts';

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const status: AgentStatus = {
  startTimeSeconds: 1,
  spool: { records: 0, bytes: 0, lostPoints: 0, state: 0 },
  clockOffsetSeconds: undefined,
  sentBytes: 0,
  receivedBytes: 0,
  budget: { usedPercent: 0, state: 0 },
  refusedSettings: 0,
  runsMissed: 0,
};

function probesOf(platform: NodeJS.Platform) {
  return createProbes({
    platform,
    runner: new ProbeRunner({ logger: silent, monotonic: () => 0 }),
    status: () => status,
    inventoryProgram: { command: '/bin/false', args: [] },
    connectivity: { takeSummaries: () => ({ points: [], problem: undefined }) },
    services: { own: [], pushed: () => [] },
    protection: { privacy: 'reduced', clamdConfig: [], folder: undefined, onDetections: () => {}, logger: silent },
  });
}

describe('createProbes', () => {
  it.each([
    [
      'linux',
      [
        'cpu',
        'memory',
        'filesystem',
        'disk_io',
        'network',
        'system',
        'temperature',
        'ups',
        'disk_health',
        'os_service',
        'connectivity',
        'antivirus',
        'malware',
        'posture',
        'agent',
        'probe',
        'inventory',
      ],
    ],
    [
      'win32',
      [
        'cpu',
        'memory',
        'filesystem',
        'network',
        'system',
        'disk_health',
        'os_service',
        'connectivity',
        'antivirus',
        'malware',
        'posture',
        'agent',
        'probe',
        'inventory',
      ],
    ],
  ] as const)('has for %s those that can be measured there', (platform, names) => {
    expect(probesOf(platform).map((probe) => probe.name)).toEqual(names);
  });

  it('has the cadence of the catalogue for each', () => {
    const cadences: Readonly<Record<string, { readonly cadence: string }>> = catalogue;
    for (const probe of probesOf('linux')) {
      // Detections are events, looked for every few seconds.
      if (probe.name !== 'malware') expect(probe.cadence, probe.name).toBe(cadences[probe.name]?.cadence);
      expect(() => parseCadence(probe.cadence)).not.toThrow();
    }
  });

  it('refuses a platform it does not know', () => {
    expect(() => probesOf('darwin')).toThrow('no probes for the platform darwin');
  });
});

/** Trend Micro Deep Security Agent on Linux. Source: `dsa_query`. */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';
import { knownTime, parseLabelledLines } from './labelled-lines.ts';

export const trend: CommandProduct = {
  product: 'trend',
  name: 'Trend Micro Deep Security Agent',
  folder: '/opt/ds_agent',
  service: 'ds_agent',
  async read(ask) {
    const status = await ask('dsa_query', '-c', 'GetAgentStatus');
    const components = await ask('dsa_query', '-c', 'GetComponentInfo');
    return { ...parseDsaQuery(`${status.stdout}\n${components.stdout}`), source: 'dsa_query' };
  },
};

export function parseDsaQuery(text: string): Reading {
  const lines = parseLabelledLines(text);
  const mode = lines.get('component.am.mode');
  const state = lines.get('agentstatus.agentstate');
  if (mode === undefined && state === undefined) throw new Error(`dsa_query is not understood: ${quote(text)}`);
  const hasDriver = lines.get('component.am.driveroffline') !== 'true';
  const server = lines.get('agentstatus.dsmurl');
  const licence = Number(lines.get('component.am.licenseexpiry'));
  return {
    version: lines.get('component.core.version'),
    realtime: mode === 'on' ? hasDriver : mode === undefined ? undefined : false,
    managed: server === undefined ? undefined : true,
    managementServer: server,
    licenceExpires: knownTime(licence * 1_000),
    problem: problemOf({ mode, hasDriver, state }),
  };
}

function problemOf(found: {
  mode: string | undefined;
  hasDriver: boolean;
  state: string | undefined;
}): string | undefined {
  const { mode, hasDriver, state } = found;
  if (mode === undefined) return 'it has no anti-malware module';
  if (!hasDriver) return 'the driver of its anti-malware module is offline';
  return state === undefined || state === 'green' ? undefined : `its agent says ${quote(state)}`;
}

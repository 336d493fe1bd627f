/** How the agent's program is started: as it is installed, with the settings that keep it small. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const folder = join(import.meta.dirname, '../../agent/dist');

const LaunchSettings = z.object({
  nodeFlags: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
});

export interface AgentLaunch {
  readonly program: string;
  /** Before the agent's own. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Undefined when the agent is not built. */
export function builtAgent(): AgentLaunch | undefined {
  const file = join(folder, 'launch.json');
  if (!existsSync(file)) return undefined;
  const { nodeFlags, environment } = LaunchSettings.parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    program: process.execPath,
    args: [...nodeFlags, join(folder, 'vonggac-agent.cjs')],
    environment: { ...process.env, ...environment, NODE_COMPILE_CACHE: undefined },
  };
}

/** An agent that is installed elsewhere. */
export function installedAgent(program: string): AgentLaunch | undefined {
  return existsSync(program) ? { program, args: [], environment: process.env } : undefined;
}

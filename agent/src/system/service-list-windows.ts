/**
 * The output of `sc.exe query`: a block for each service, in which Windows translates the labels but not their order:
 * name, display name, type, state.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/sc-query
 */

/** By name in lower case. `running` is undefined for one that is just starting or stopping. */
export type ServiceList = ReadonlyMap<string, { readonly running: boolean | undefined }>;

const label = /^[^:]{1,80}: (\S.{0,255})$/;
/** `        STATE              : 4  RUNNING`: number and word, hexadecimal for the type. */
const numbered = /^\s[^:]{1,80}: ([0-9a-f]{1,4}) {2}\S/i;
const running = 4;
const stopped = 1;

export function parseServiceList(text: string): ServiceList {
  const services = new Map<string, { running: boolean | undefined }>();
  for (const block of text.split(/\r?\n[ \t]*\r?\n/)) {
    const lines = block.split(/\r?\n/).filter((line) => line.trim() !== '');
    const name = label.exec(lines[0] ?? '')?.[1];
    const [, state] = lines.flatMap((line) => numbered.exec(line)?.[1] ?? []);
    if (name === undefined || state === undefined) continue;
    services.set(name.trim().toLowerCase(), { running: runningOf(Number.parseInt(state, 16)) });
  }
  return services;
}

function runningOf(state: number): boolean | undefined {
  if (state === running) return true;
  return state === stopped ? false : undefined;
}

/**
 * The output of `reg.exe query`: a line with the path of each key, its values indented by four blanks.
 * Everything else, which Windows translates ("End of search: 3 match(es) found."), is passed over.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/reg-query
 */

export interface RegistryKey {
  /** In full: `HKEY_LOCAL_MACHINE\…`. */
  readonly path: string;
  /** By name, in lower case. */
  readonly values: ReadonlyMap<string, RegistryValue>;
}

export interface RegistryValue {
  /** `REG_SZ`, `REG_DWORD`, … */
  readonly type: string;
  /** As printed: hexadecimal for binary values and numbers. */
  readonly data: string;
}

const indent = '    ';
/** A hundred times what any key that is asked for has. */
const maxValues = 100_000;
/** 1601-01-01 to 1970-01-01. */
const fileTimeToUnixMs = 11_644_473_600_000n;

export function parseRegistryQuery(text: string): RegistryKey[] {
  const keys: { path: string; values: Map<string, RegistryValue> }[] = [];
  let count = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) {
      keys.push({ path: line.trimEnd(), values: new Map() });
      continue;
    }
    const value = line.startsWith(indent) ? parseValue(line) : undefined;
    if (value === undefined || keys.length === 0) continue;
    count += 1;
    if (count > maxValues) throw new Error(`the registry query printed more than ${maxValues} values`);
    keys.at(-1)?.values.set(value.name.toLowerCase(), { type: value.type, data: value.data });
  }
  return keys;
}

/** `    NAME    REG_TYPE    DATA`, where the name may hold blanks and the data may be missing. */
function parseValue(line: string): (RegistryValue & { name: string }) | undefined {
  const end = line.indexOf(`${indent}REG_`, indent.length);
  if (end === -1) return undefined;
  const rest = line.slice(end + indent.length);
  const gap = rest.indexOf(indent);
  const type = gap === -1 ? rest.trimEnd() : rest.slice(0, gap);
  return { name: line.slice(indent.length, end), type, data: gap === -1 ? '' : rest.slice(gap + indent.length) };
}

/** A REG_SZ or REG_EXPAND_SZ that is not empty. */
export function registryText(key: RegistryKey | undefined, name: string): string | undefined {
  const value = key?.values.get(name.toLowerCase());
  if (value?.type !== 'REG_SZ' && value?.type !== 'REG_EXPAND_SZ') return undefined;
  return value.data.trim() || undefined;
}

/** The parts of a REG_MULTI_SZ, which are printed with `\0` in between. */
export function registryTexts(key: RegistryKey | undefined, name: string): readonly string[] {
  const value = key?.values.get(name.toLowerCase());
  return value?.type === 'REG_MULTI_SZ' ? value.data.split('\\0').filter((part) => part !== '') : [];
}

/** A REG_DWORD or REG_QWORD. */
export function registryNumber(key: RegistryKey | undefined, name: string): number | undefined {
  const value = key?.values.get(name.toLowerCase());
  if (value?.type !== 'REG_DWORD' && value?.type !== 'REG_QWORD') return undefined;
  if (!/^0x[0-9a-f]{1,16}$/i.test(value.data.trim())) return undefined;
  const number = Number(value.data);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A FILETIME in a REG_BINARY, in milliseconds since 1970; undefined for the zero that means never. */
export function registryTime(key: RegistryKey | undefined, name: string): number | undefined {
  const value = key?.values.get(name.toLowerCase());
  if (value?.type !== 'REG_BINARY' || !/^[0-9a-f]{16}$/i.test(value.data.trim())) return undefined;
  const ticks = Buffer.from(value.data.trim(), 'hex').readBigUInt64LE();
  return ticks === 0n ? undefined : Number(ticks / 10_000n - fileTimeToUnixMs);
}

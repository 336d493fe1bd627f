/** Output of programs that write `Label: value` lines for people. */

/** Values by label in lower case; a label ends at the first colon that a space follows, since values hold colons too. */
export function parseLabelledLines(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = /:[ \t]/.exec(line)?.index;
    if (at === undefined) continue;
    const label = line
      .slice(0, at)
      .replace(/^[\s-]+/, '')
      .trimEnd()
      .toLowerCase();
    const value = line.slice(at + 1).trim();
    if (label !== '' && value !== '' && !values.has(label)) values.set(label, value);
  }
  return values;
}

const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);
const dateAndTime = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?/;

/** `2026-11-19 21:34:00`, or the day alone, as milliseconds since 1970. What is not between 2000 and 2100 means "never". */
export function parseDate(text: string | undefined, zone: 'utc' | 'local'): number | undefined {
  const [found, ...parts] = dateAndTime.exec(text ?? '') ?? [];
  if (found === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  const at = [year, month - 1, day, hour, minute, second] as const;
  return knownTime(zone === 'utc' ? Date.UTC(...at) : new Date(...at).getTime());
}

/** Milliseconds since 1970 if that is a time that can be meant. */
export function knownTime(time: number): number | undefined {
  return time >= earliest && time < latest ? time : undefined;
}

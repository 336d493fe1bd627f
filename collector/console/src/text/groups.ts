/** A long word in groups, so that it can be read aloud and compared: `ABCD EFGH`. */
export function inGroups(text: string, size = 4): string {
  return text.match(new RegExp(`.{1,${size}}`, 'gu'))?.join(' ') ?? '';
}

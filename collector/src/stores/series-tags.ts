export type SeriesTags = Readonly<Record<string, string>>;

/** Order of the series of one measurement: by the values of their tags, taken by ascending name. */
export function compareTags(left: SeriesTags, right: SeriesTags): number {
  for (const name of Object.keys(left)) {
    const a = left[name] ?? '';
    const b = right[name] ?? '';
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

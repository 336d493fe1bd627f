/** Quiet hours: `from` is quiet, `to` is not; they may go over midnight. */
export function isQuietAt({ from, to }: { readonly from: string; readonly to: string }, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

/** `22:30` in minutes. */
function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

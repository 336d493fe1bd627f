const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** As Grafana writes durations itself, so that what it gives back compares equal: `1h30m`, `0s`. */
export function durationOf(seconds: number): string {
  let rest = seconds;
  let text = '';
  for (const [unit, length] of units) {
    // Grafana writes days only where nothing is left over.
    if (unit === 'd' && seconds % length !== 0) continue;
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

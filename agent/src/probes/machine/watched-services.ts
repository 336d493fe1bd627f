/** The services of the operating system that are to be watched. */
export interface WatchedServices {
  /** Named on this machine: one that is not installed is a mistake. */
  readonly own: readonly string[];
  /** Named by the collector for many machines: one that is not installed here is not missed. */
  readonly pushed: () => readonly string[];
}

export interface WatchedService {
  readonly name: string;
  readonly isOwn: boolean;
}

/** Each once, however it is written. */
export function servicesToWatch({ own, pushed }: WatchedServices): WatchedService[] {
  const known = new Map<string, WatchedService>();
  for (const name of [...own, ...pushed()]) {
    const key = plainName(name).toLowerCase();
    if (!known.has(key)) known.set(key, { name: plainName(name), isOwn: own.includes(name) });
  }
  return [...known.values()];
}

/** systemd lets people leave out the ending of a service. */
function plainName(name: string): string {
  return name.replace(/\.service$/, '');
}

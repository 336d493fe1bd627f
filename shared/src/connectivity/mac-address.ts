/** Ethernet addresses as text: `00:16:3e:12:34:56`. */

/** The usual form of what programs write in many ways, or undefined. */
export function parseMac(text: string): string | undefined {
  const pairs = /^([0-9a-f]{2})([:-])((?:[0-9a-f]{2}\2){4}[0-9a-f]{2})$/i.exec(text);
  return pairs ? text.toLowerCase().replaceAll('-', ':') : undefined;
}

/** Whether it can be one device's: not zero, not a group's (the lowest bit of the first byte, IEEE 802). */
export function isDeviceMac(mac: string): boolean {
  return mac !== '00:00:00:00:00:00' && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0;
}

/**
 * Whether it was made up on the device instead of given by its maker (the second lowest bit of the first byte): phones
 * use another one on each network, virtual machines have one for good. No maker can be looked up.
 */
export function isLocalMac(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}

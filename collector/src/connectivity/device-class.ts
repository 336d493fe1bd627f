/** What a device may be, guessed from its maker alone: honest only where a maker makes one kind of thing. */
import { isLocalMac } from '@vonggac/shared';

export const deviceClasses = ['printer', 'camera', 'network', 'phone', 'computer', 'private', 'unknown'] as const;
/** `private`: the address was made up, as phones do; `unknown`: the maker makes many things, or is not known. */
export type DeviceClass = (typeof deviceClasses)[number];

const words: readonly (readonly [DeviceClass, RegExp])[] = [
  ['printer', /\b(brother|canon|seiko epson|epson|ricoh|kyocera|lexmark|xerox|konica|oki (electric|data)|zebra tech)/i],
  ['camera', /hikvision|\b(dahua|axis communications|uniview|hanwha|ezviz|kbvision|vivotek|tiandy)/i],
  [
    'network',
    /\b(cisco|juniper|mikrotik|routerboard|ubiquiti|tp-?link|tenda|draytek|aruba|ruckus|fortinet|zyxel|d-?link|netgear|totolink|h3c|ruijie|zte|dasan|vnpt|sophos|palo alto)/i,
  ],
  ['phone', /\b(vivo mobile|oppo|guangdong oppo|oneplus|realme|motorola mobility|hmd global|honor device)/i],
  [
    'computer',
    /\b(dell|lenovo|hon hai|foxconn|asustek|giga-?byte|micro-?star|msi|elitegroup|pegatron|wistron|compal|quanta|lcfc|fujitsu|super ?micro|vmware|pcs systemtechnik|proxmox|microsoft|raspberry)/i,
  ],
];

export function guessClass({
  mac,
  vendor,
}: {
  readonly mac: string;
  readonly vendor: string | undefined;
}): DeviceClass {
  if (isLocalMac(mac)) return 'private';
  if (vendor === undefined) return 'unknown';
  return words.find(([, pattern]) => pattern.test(vendor))?.[0] ?? 'unknown';
}

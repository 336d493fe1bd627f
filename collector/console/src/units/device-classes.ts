/** What a device may be, in words: a guess by its maker. */
import type { DeviceClass } from '../../../src/connectivity/device-class.ts';
import type { Language } from '../text/dictionary.ts';
import { safeText } from '../text/safe-text.ts';

export const deviceClassWords: Readonly<Record<DeviceClass, Readonly<Record<Language, string>>>> = {
  printer: { vi: 'Máy in', en: 'Printer' },
  camera: { vi: 'Camera', en: 'Camera' },
  network: { vi: 'Thiết bị mạng', en: 'Network device' },
  phone: { vi: 'Điện thoại', en: 'Phone' },
  computer: { vi: 'Máy tính', en: 'Computer' },
  private: { vi: 'Địa chỉ MAC tự đặt (thường là điện thoại)', en: 'Made-up MAC address (often a phone)' },
  unknown: { vi: 'Chưa rõ', en: 'Unknown' },
};

export function writeDeviceClass(name: string, language: Language): string {
  return Object.hasOwn(deviceClassWords, name) ? deviceClassWords[name as DeviceClass][language] : safeText(name);
}

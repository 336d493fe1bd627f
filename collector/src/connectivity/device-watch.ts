/** Tells of new devices: one incident for each unit and day. */
import type { Point } from '@vonggac/shared';
import type { Evidence } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { dayOf } from '../registry/unit-times.ts';
import { guessClass } from './device-class.ts';
import type { Device, Devices } from './devices.ts';
import type { ConnectivitySection } from './settings.ts';

const dayMs = 86_400_000;
/** Devices that one batch names in an incident. */
const maxNamed = 5;

interface Options {
  readonly settings: ConnectivitySection['devices'];
  readonly devices: Pick<Devices, 'take' | 'forget'>;
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'list'>;
}

export class DeviceWatch {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  take(from: { readonly unit: string; readonly agent: string }, points: readonly Point[]): void {
    const told = points.filter(({ measurement }) => measurement === 'lan_device');
    if (told.length === 0) return;
    const fresh = this.#options.devices.take(from, told);
    if (!this.#options.settings.incidents) return;
    for (const [day, ofDay] of Map.groupBy(fresh, ({ firstSeen }) => dayOf(firstSeen))) {
      const about = {
        kind: 'new-device',
        severity: 'warning',
        subject: `${from.unit}/${day}`,
        unit: from.unit,
      } as const;
      for (const device of ofDay.slice(0, maxNamed)) {
        this.#options.incidents.report({ ...about, evidence: evidenceOf(device) });
      }
      // Whoever invents devices by the thousand must not make the collector write as often.
      const [last, times] = [ofDay.at(-1), ofDay.length - maxNamed];
      if (last && times > 0) this.#options.incidents.report({ ...about, evidence: evidenceOf(last), times });
    }
  }

  /** Closes what nobody needs any more; call it once in a while. */
  tidy(now: number): void {
    const { settings, incidents, devices } = this.#options;
    devices.forget(now - settings.forget_after_days * dayMs);
    const open = incidents.list({ state: 'open', limit: 10_000 });
    for (const { kind, subject, lastAt } of open) {
      if (kind === 'new-device' && now - lastAt > settings.close_after_days * dayMs) {
        incidents.resolve(kind, subject, now);
      }
    }
  }
}

function evidenceOf(device: Device): Evidence {
  const { mac, address = '', network, vendor = '', firstSeen } = device;
  return { at: firstSeen, what: 'new-device', facts: { mac, address, network, vendor, class: guessClass(device) } };
}

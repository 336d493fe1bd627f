/**
 * Every measurement, once. The wire validation, line protocol, SQLite tables, documentation, dashboards and rules are
 * made from this list; a field that is not here does not compile.
 */
import { age } from './age.ts';
import { agent } from './agent.ts';
import { agent_state } from './agent-state.ts';
import { antivirus } from './antivirus.ts';
import { antivirus_state } from './antivirus-state.ts';
import { collector } from './collector.ts';
import { collector_watchdog } from './collector-watchdog.ts';
import { connectivity } from './connectivity.ts';
import { cpu } from './cpu.ts';
import type { FieldDefinition, MeasurementDefinition } from './definition.ts';
import { disk_health } from './disk-health.ts';
import { disk_io } from './disk-io.ts';
import { filesystem } from './filesystem.ts';
import { filesystem_forecast } from './filesystem-forecast.ts';
import { incident } from './incident.ts';
import { inventory } from './inventory.ts';
import { lan_census } from './lan-census.ts';
import { lan_device } from './lan-device.ts';
import { link } from './link.ts';
import { malware } from './malware.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { os_service } from './os-service.ts';
import { posture } from './posture.ts';
import { probe } from './probe.ts';
import { relay } from './relay.ts';
import { service } from './service.ts';
import { spool_gap } from './spool-gap.ts';
import { system } from './system.ts';
import { temperature } from './temperature.ts';
import { unit_link } from './unit-link.ts';
import { unit_protection } from './unit-protection.ts';
import { unit_state } from './unit-state.ts';
import { ups } from './ups.ts';

export const catalogue = {
  cpu,
  memory,
  filesystem,
  disk_io,
  network,
  system,
  agent,
  probe,
  spool_gap,
  inventory,
  connectivity,
  link,
  lan_census,
  lan_device,
  relay,
  service,
  unit_link,
  antivirus,
  malware,
  posture,
  antivirus_state,
  unit_protection,
  agent_state,
  unit_state,
  collector,
  collector_watchdog,
  age,
  filesystem_forecast,
  incident,
  ups,
  disk_health,
  temperature,
  os_service,
} as const satisfies Record<string, MeasurementDefinition>;

export type MeasurementName = keyof typeof catalogue;
export type FieldName<M extends MeasurementName = MeasurementName> = M extends MeasurementName
  ? Extract<keyof (typeof catalogue)[M]['fields'], string>
  : never;
export type TagName<M extends MeasurementName = MeasurementName> = M extends MeasurementName
  ? Extract<keyof (typeof catalogue)[M]['tags'], string>
  : never;

/** One measurement prepared for use at run time: by name and by wire number. */
export interface Measurement {
  readonly name: MeasurementName;
  readonly definition: MeasurementDefinition;
  readonly tagNames: readonly string[];
  readonly fieldNames: readonly string[];
  readonly fieldsByNumber: ReadonlyMap<number, NamedField>;
}

export interface NamedField extends FieldDefinition {
  readonly name: string;
  /** What a value is multiplied by to travel as a whole number. */
  readonly scale: number;
}

function prepare(name: MeasurementName): Measurement {
  const definition: MeasurementDefinition = catalogue[name];
  const fields = Object.entries(definition.fields).map(
    ([fieldName, field]): NamedField => ({ ...field, name: fieldName, scale: 10 ** (field.decimals ?? 0) }),
  );
  return {
    name,
    definition,
    tagNames: Object.keys(definition.tags),
    fieldNames: fields.map((field) => field.name),
    fieldsByNumber: new Map(fields.map((field) => [field.number, field])),
  };
}

export const measurements: readonly Measurement[] = (Object.keys(catalogue) as MeasurementName[]).map(prepare);

const byName: ReadonlyMap<string, Measurement> = new Map(measurements.map((m) => [m.name, m]));
const byNumber: ReadonlyMap<number, Measurement> = new Map(measurements.map((m) => [m.definition.number, m]));

export function measurementByName(name: string): Measurement | undefined {
  return byName.get(name);
}

export function measurementByNumber(number: number): Measurement | undefined {
  return byNumber.get(number);
}

/** The field `name` of `measurement`, or undefined when the catalogue has none. */
export function fieldOf(measurement: Measurement, name: string): FieldDefinition | undefined {
  return Object.hasOwn(measurement.definition.fields, name) ? measurement.definition.fields[name] : undefined;
}

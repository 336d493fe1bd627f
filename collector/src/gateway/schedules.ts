/** How often agents measure what, where it is not the catalogue's default. */
import type { AgentClass } from '@vonggac/shared';

/** Cron expression with seconds by probe name. */
type Schedules = Readonly<Record<string, string>>;

export interface ScheduleSettings {
  readonly schedules: Schedules;
  readonly schedules_by_class: Readonly<Record<AgentClass, Schedules>>;
}

const eachMinute = '0 * * * * *';
const eachFiveMinutes = '0 */5 * * * *';
/** There are thousands of them, and a line is shared by many: so a day fits into their budget of bytes. */
const pcDefaults: Schedules = {
  cpu: eachMinute,
  memory: eachMinute,
  network: eachMinute,
  disk_io: eachMinute,
  system: eachMinute,
  ups: eachMinute,
  temperature: eachFiveMinutes,
  filesystem: eachFiveMinutes,
  probe: eachFiveMinutes,
};

/** What is said for a class goes before what is said for all, and that before the default of a class. */
export function schedulesFor(agentClass: AgentClass, settings: ScheduleSettings): Record<string, string> {
  return {
    ...(agentClass === 'pc' && pcDefaults),
    ...settings.schedules,
    ...settings.schedules_by_class[agentClass],
  };
}

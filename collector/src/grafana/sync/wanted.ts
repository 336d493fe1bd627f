import type { RuleGroupJson } from '@vonggac/dashboards';
import type { Config } from '../../config.ts';
import { type DataSourceJson, passwordOf } from '../data-source.ts';
import { readWebhookSecret } from '../driving/webhook-secret.ts';
import { consoleUrl, type MadeObjects, makeObjects, type Tongue } from '../made-objects.ts';
import {
  type ContactPointJson,
  contactPoint,
  type MuteTimingJson,
  muteTiming,
  type TemplateJson,
  template,
} from '../notification-objects.ts';

/** All that is to be in a Grafana. */
export interface Wanted {
  readonly dataSource: DataSourceJson;
  /** Of the data source; undefined when the configuration has none. */
  readonly password: string | undefined;
  readonly dashboards: MadeObjects['dashboards'];
  readonly muteTiming: MuteTimingJson | undefined;
  readonly template: TemplateJson;
  /** Undefined without a secret for it. */
  readonly contactPoint: ContactPointJson | undefined;
  readonly groups: readonly RuleGroupJson[];
}

/** Undefined when there is no store that is asked like this. Throws GrafanaAccessError. */
export async function wantedOf(config: Config, tongue: Tongue): Promise<Wanted | undefined> {
  const { dataSource, dashboards, alerts } = await makeObjects(config, tongue);
  if (!dataSource || !alerts) return undefined;
  const { buildRuleGroups } = await import('@vonggac/dashboards');
  const secretFile = config.grafana?.webhook_secret_file;
  const secret = secretFile === undefined ? undefined : readWebhookSecret(secretFile);
  return {
    dataSource,
    password: passwordOf(config, dataSource),
    dashboards,
    muteTiming: muteTiming(config.calendar),
    template: template(tongue.language),
    contactPoint: secret === undefined ? undefined : contactPoint({ consoleUrl: consoleUrl(config), secret }),
    groups: buildRuleGroups(alerts),
  };
}

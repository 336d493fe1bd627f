/** Which Grafana it is, whose organisation the token is of, and what that version can do. */
import * as z from 'zod';
import type { GrafanaApi } from '../grafana-api.ts';

const Health = z.looseObject({ version: z.string().optional(), database: z.string() });
const Organisation = z.looseObject({ id: z.int(), name: z.string() });

export interface GrafanaServer {
  readonly address: string;
  /** Undefined when it does not tell, which newer ones can be set to. */
  readonly version: string | undefined;
  readonly organisation: { readonly id: number; readonly name: string };
}

/** What versions do differently; one that hides its version is taken for a new one. */
export interface Features {
  /** "Keep firing for", without which an alert ends with the first good value. */
  readonly keepsFiring: boolean;
  /** Gives dashboards back as they were sent, and adds nothing of its own. */
  readonly keepsDashboards: boolean;
  /** Says of mute timings, templates and contact points who made them. */
  readonly tellsProvenance: boolean;
  /** Mute timings know time zones. */
  readonly hasTimeZones: boolean;
}

type Numbers = readonly [major: number, minor: number];

const oldest: Numbers = [9, 4];
/** Routing by rule, "keep last", folders as they are today: what everything here is made for. */
const oldestByDefault: Numbers = [10, 4];

/** This Grafana is not one that can be written to; the message says why. */
export class UnsuitableGrafana extends Error {
  override name = 'UnsuitableGrafana';
}

export async function lookAtServer(api: GrafanaApi): Promise<GrafanaServer> {
  const health = await api.get('/api/health', { what: 'the version of Grafana', answer: Health });
  const organisation = await api.get('/api/org', { what: 'the organisation of the token', answer: Organisation });
  const { id, name } = organisation;
  return { address: api.address, version: health.version || undefined, organisation: { id, name } };
}

/** Throws UnsuitableGrafana. */
export function featuresOf({ version }: GrafanaServer, { allowOld }: { allowOld: boolean }): Features {
  const numbers = numbersOf(version);
  if (isBefore(numbers, oldest)) {
    throw new UnsuitableGrafana(
      `Grafana ${version} is too old: its API for alert rules is whole from 9.4 on; update it`,
    );
  }
  if (!allowOld && isBefore(numbers, oldestByDefault)) {
    throw new UnsuitableGrafana(
      `Grafana ${version} is older than 10.4: with --allow-old it gets what it knows, without "keep firing for", and before 10 recovery thresholds do nothing`,
    );
  }
  return {
    keepsFiring: !isBefore(numbers, [12, 0]),
    keepsDashboards: isBefore(numbers, [12, 0]),
    tellsProvenance: !isBefore(numbers, [10, 0]),
    hasTimeZones: !isBefore(numbers, [10, 0]),
  };
}

/** Throws UnsuitableGrafana. */
export function checkOrganisation({ organisation: { id, name } }: GrafanaServer, wanted: number | undefined): void {
  if (wanted === undefined || wanted === id) return;
  throw new UnsuitableGrafana(
    `the token is of organisation ${id} ("${name}"), not of ${wanted}: make a service account in organisation ${wanted}, or leave out --org`,
  );
}

function numbersOf(version: string | undefined): Numbers {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return major === undefined ? [Number.POSITIVE_INFINITY, 0] : [Number(major), Number(minor)];
}

function isBefore([major, minor]: Numbers, [otherMajor, otherMinor]: Numbers): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

/** What a machine last found of its targets. */
import type { TargetScope } from '@vonggac/shared';
import type { PointView } from '../../../src/http/schemas.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import type { Texts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';

/** Slowest pace of a check is an hour; what is older than this beside the others is no longer asked for. */
const forgottenMs = 3 * 3_600_000;

/** The last second that has a date: machines may send any number. */
const latestSeconds = 8.64e12;

export interface TargetReading {
  readonly target: string;
  readonly scope: string;
  readonly kind: string;
  /** Undefined when it could not be measured. */
  readonly up: boolean | undefined;
  readonly rttMs: number | undefined;
  readonly lossPercent: number | undefined;
  readonly error: string | undefined;
  /** Milliseconds since 1970. */
  readonly certificateExpires: number | undefined;
  readonly time: string;
}

const scopeTexts: Readonly<Record<TargetScope, PlainTextKey>> = {
  lan: 'scopeLan',
  wan: 'scopeWan',
  internet: 'scopeInternet',
  service: 'scopeService',
  peer: 'scopePeer',
  edge: 'scopeEdge',
};
const scopes = Object.keys(scopeTexts);

/** Those that fail first, then from near to far. */
export function readTargets(points: readonly PointView[]): TargetReading[] {
  const own = points.filter(({ measurement }) => measurement === 'connectivity');
  const newest = Math.max(...own.map(({ time }) => Date.parse(time)));
  return own
    .filter(({ time }) => newest - Date.parse(time) <= forgottenMs)
    .map(readTarget)
    .sort(
      (a, b) =>
        rank(a) - rank(b) || scopes.indexOf(a.scope) - scopes.indexOf(b.scope) || a.target.localeCompare(b.target),
    );
}

function rank({ up }: TargetReading): number {
  if (up === undefined) return 1;
  return up ? 2 : 0;
}

function readTarget({ tags, fields, time }: PointView): TargetReading {
  const expires = numberOf(fields.certificate_expires_seconds);
  return {
    target: tags.target ?? '',
    scope: tags.scope ?? '',
    kind: tags.kind ?? '',
    up: typeof fields.up === 'boolean' ? fields.up : undefined,
    rttMs: numberOf(fields.rtt_ms),
    lossPercent: numberOf(fields.loss_percent),
    error: typeof fields.error === 'string' && fields.error !== '' ? fields.error : undefined,
    certificateExpires: expires === undefined || expires > latestSeconds ? undefined : expires * 1_000,
    time,
  };
}

function numberOf(value: boolean | number | string | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** What people call it: those that agents name by themselves have words. */
export function targetName(target: string, { t }: Pick<Texts, 't'>): string {
  if (target === 'gateway') return t('targetGateway');
  if (target === 'collector') return t('targetCollector');
  const [, resolver] = /^resolver-(\d+)$/.exec(target) ?? [];
  if (resolver !== undefined) return t('targetResolver', { number: resolver });
  if (target.startsWith('peer:')) return t('targetPeer', { id: safeText(target.slice(5)) });
  return safeText(target);
}

export function scopeName(scope: string, { t }: Pick<Texts, 't'>): string {
  return Object.hasOwn(scopeTexts, scope) ? t(scopeTexts[scope as TargetScope]) : safeText(scope);
}

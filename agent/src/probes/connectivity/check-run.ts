/** A check under way: what it needs of the world and what it finds. */
import type { CheckError } from '@vonggac/shared';
import type { RunCommand } from '../../system/run-command.ts';
import type { TrustedRoots } from './trusted-roots.ts';

/** A name's addresses. Throws CheckFailure when there are none. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<string[]>;

/** Fields of the measurement that only some kinds of check have. */
export interface CheckDetails {
  dns_ms?: number;
  connect_ms?: number;
  tls_ms?: number;
  first_byte_ms?: number;
  http_status?: number;
  body_bytes?: number;
  certificate_expires_seconds?: number;
  clock_offset_ms?: number;
  address?: string;
}

export interface CheckResult {
  /** Undefined when it could not be measured; `error` is then `unsupported` or `failed`. */
  readonly up: boolean | undefined;
  readonly error: CheckError | undefined;
  /** For the log: what exactly went wrong. */
  readonly problem: string | undefined;
  /** Milliseconds, one of each answer. */
  readonly rtts: readonly number[];
  /** Of a kind that sends several. */
  readonly packets: { readonly sent: number; readonly lost: number } | undefined;
  readonly details: Readonly<CheckDetails>;
}

/** What a check needs of the world. */
export interface Outside {
  /** In milliseconds, of one check as a whole. */
  readonly limitMs: number;
  readonly platform: NodeJS.Platform;
  /** Milliseconds since 1970. */
  now(): number;
  /** A clock that never jumps, in milliseconds. */
  monotonic(): number;
  readonly runCommand: RunCommand;
  readonly resolveName: ResolveName;
  readonly roots: TrustedRoots;
}

/** A check under way. What it finds is written here at once, so that a check that fails half-way keeps the first half. */
export interface CheckRun extends Outside {
  /** Gives the check its whole time anew. */
  readonly restartLimit: () => void;
  /** Aborted when the check is over, however that came; everything that is opened is tied to it. */
  readonly signal: AbortSignal;
  readonly details: CheckDetails;
  readonly rtts: number[];
  packets: { sent: number; lost: number } | undefined;
}

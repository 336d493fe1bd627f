/** What every reader of a protection product gives, whatever the product. */
import type { ProbeContext } from '../probe.ts';

/** `absent`: not on this machine; `unsupported`: present, but it has no interface that says its state. */
export type ReadState = 'ok' | 'absent' | 'denied' | 'timeout' | 'error' | 'unsupported';

export type Mode = 'active' | 'passive' | 'on_demand' | 'disabled' | 'not_running' | 'starting';

export type LicenceStatus = 'valid' | 'expiring' | 'expired' | 'none' | 'builtin' | 'free';

/** A product at one moment. What is undefined is not known, which is never the same as false. */
export interface ProductStatus {
  /** The tag: clamav, defender, kaspersky, kesl, eset, bitdefender, …, or `other-<slug>`. */
  readonly product: string;
  readonly readState: ReadState;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly running?: boolean | undefined;
  readonly realtime?: boolean | undefined;
  /** The operating system confirms it, whatever the product says. */
  readonly realtimeProven?: boolean | undefined;
  readonly mode?: Mode | undefined;
  readonly engineVersion?: string | undefined;
  readonly signatureVersion?: string | undefined;
  /** The product's own date of its signatures. All times are milliseconds since 1970, UTC. */
  readonly signatureTime?: number | undefined;
  readonly updateAttempt?: number | undefined;
  readonly updateSucceeded?: boolean | undefined;
  readonly outOfDate?: boolean | undefined;
  readonly quickScan?: number | undefined;
  readonly fullScan?: number | undefined;
  readonly neverScanned?: boolean | undefined;
  readonly licenceStatus?: LicenceStatus | undefined;
  readonly licenceExpires?: number | undefined;
  readonly tamperProtected?: boolean | undefined;
  readonly managed?: boolean | undefined;
  readonly managementServer?: string | undefined;
  readonly pendingAction?: 'reboot' | 'full_scan' | 'platform_update' | undefined;
  readonly activeThreats?: number | undefined;
  /** Where it was read: a path, a registry key, a command. */
  readonly source?: string | undefined;
  /** Why it could not be read, or what is odd. */
  readonly problem?: string | undefined;
  /** Only a name left in Windows Security Center. */
  readonly orphan?: boolean | undefined;
}

/** A detection, as the product tells it. Nothing of the file's content, and nothing personal is taken out yet. */
export interface MalwareDetection {
  /** The same for the same detection, however often it is read: the collector tells twins apart by it. */
  readonly id: string;
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  readonly product: string;
  readonly name: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical' | 'unknown';
  readonly category: MalwareCategory;
  readonly object?: string | undefined;
  readonly objectKind?: 'file' | 'container' | 'web' | 'process' | 'registry' | 'mail' | 'memory' | undefined;
  readonly action: 'none' | 'detected' | 'blocked' | 'cleaned' | 'quarantined' | 'removed' | 'allowed' | 'failed';
  readonly resolved?: boolean | undefined;
  readonly errorCode?: string | undefined;
  readonly process?: string | undefined;
  readonly sha256?: string | undefined;
  readonly origin: 'realtime' | 'ondemand' | 'system' | 'behavior' | 'unknown';
}

export type MalwareCategory =
  | 'virus'
  | 'trojan'
  | 'worm'
  | 'ransomware'
  | 'spyware'
  | 'adware'
  | 'pua'
  | 'exploit'
  | 'tool'
  | 'rootkit'
  | 'phishing'
  | 'test'
  | 'other';

/** Reads the products of one maker, or what one source of the operating system knows of all of them. */
export interface AntivirusReader {
  /** Of messages; the product's tag where the reader knows only one. */
  readonly name: string;
  /** Whether there is anything to read; starts no program and costs next to nothing. */
  isPresent(): boolean;
  /**
   * Every product found, each minute: what is read by starting a program is kept in between. Does not throw for what may
   * happen to a product: that is a status with its `readState` and `problem`.
   */
  read(context: ProbeContext, signal: AbortSignal): Promise<readonly ProductStatus[]>;
}

/** A place where detections are written down. */
export interface DetectionSource {
  /** Of the cursor file; never changes, or what was read is read again. */
  readonly name: string;
  /** Shortest time between two readings; 0 for a source that is looked at in every run. */
  readonly everySeconds: number;
  /**
   * Something that changes when the source may have something new, such as the time of a file: then it is read at once.
   * Starts no program and costs next to nothing; undefined when it says nothing.
   */
  readonly mark?: () => string | undefined;
  /**
   * What is new since `cursor`, which is what this source gave last time; undefined at the very first time. Throws when
   * the source is there and cannot be read; a source that is not there has nothing new.
   */
  read(
    cursor: unknown,
    context: ProbeContext,
    signal: AbortSignal,
  ): Promise<{ readonly detections: readonly MalwareDetection[]; readonly cursor: unknown }>;
}

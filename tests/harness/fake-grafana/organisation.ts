/**
 * What one organisation of the fake holds. Tests may look and, to make what others made before, put things in: an object
 * that another wrote by hand has no provenance, one from a provisioning file has `file`.
 */
import { AlertmanagerDocument } from './alertmanager-document.ts';
import type { Json } from './exchange.ts';

export type Provenance = '' | 'api' | 'file';

export interface DataSource extends Json {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly version: number;
  readonly readOnly: boolean;
  readonly jsonData: Json;
}

export interface Folder {
  readonly id: number;
  readonly uid: string;
  readonly title: string;
  readonly parentUid: string;
  readonly version: number;
}

export interface Dashboard {
  readonly id: number;
  readonly uid: string;
  readonly title: string;
  readonly folderUid: string;
  readonly version: number;
  readonly isProvisioned: boolean;
  readonly json: Json;
}

/** As stored, without `provenance`, which stands beside it. */
export interface StoredRule {
  readonly provenance: Provenance;
  readonly folderUid: string;
  readonly group: string;
  readonly rule: Json & { readonly uid: string; readonly title: string };
}

export interface Annotation {
  readonly id: number;
  readonly time: number;
  readonly timeEnd: number;
  readonly text: string;
  readonly tags: readonly string[];
  readonly dashboardUid: string;
  readonly panelId: number;
}

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAt: string;
}

export class Organisation {
  readonly id: number;
  readonly name: string;
  readonly dataSources = new Map<string, DataSource>();
  /** Write-only: names and values by uid of the data source. */
  readonly dataSourceSecrets = new Map<string, Readonly<Record<string, string>>>();
  readonly folders = new Map<string, Folder>();
  readonly dashboards = new Map<string, Dashboard>();
  readonly rules = new Map<string, StoredRule>();
  /** Seconds, by `folder uid/group`. */
  readonly groupIntervals = new Map<string, number>();
  readonly alertmanager = new AlertmanagerDocument();
  readonly annotations = new Map<number, Annotation>();
  readonly silences = new Map<string, Silence>();
  #lastId = 0;

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

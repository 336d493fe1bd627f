import type { GrafanaApi } from '../grafana-api.ts';
import type { Step } from './plan.ts';
import type { Features } from './server.ts';

/** What every kind of object needs to make its steps. */
export interface SyncContext {
  readonly api: GrafanaApi;
  readonly features: Features;
  readonly adopt: boolean;
  readonly prune: boolean;
}

export interface Steps {
  /** Creates and changes. */
  readonly made: readonly Step[];
  /** What is made no more: it goes after everything else, in the opposite order. */
  readonly stale: readonly Step[];
}

/** Provenance of what the API made, as this does. */
const ownProvenance = 'api';

/** By who made it, for what has a name and nothing to mark it by. */
export function ownerOf(provenance: string | undefined, { tellsProvenance }: Features): 'file' | 'foreign' | 'ours' {
  if (provenance === 'file') return 'file';
  return provenance === ownProvenance || !tellsProvenance ? 'ours' : 'foreign';
}

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Me } from '../../src/http/schemas.ts';
import type { Permission } from '../../src/registry/roles.ts';

/** What every page shares besides its texts. */
export interface Session {
  /** Who is signed in; undefined until the collector has said it. */
  readonly me: Me | undefined;
  /** Called when something of oneself was changed. */
  readonly onChanged: () => void;
  /** Called when the collector no longer knows this browser. */
  readonly onSignedOut: () => void;
}

export const SessionContext = createContext<Session>({
  me: undefined,
  onChanged: () => undefined,
  onSignedOut: () => undefined,
});

/** Whether whoever is signed in may do this. The collector decides; the console only shows what it would allow. */
export function useMay(): (permission: Permission) => boolean {
  const { me } = useContext(SessionContext);
  return (permission) => me?.permissions.includes(permission) ?? false;
}

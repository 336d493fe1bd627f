import { createContext } from 'preact';

/** What every page shares besides its texts. */
export interface Session {
  /** Called when the collector no longer knows this browser. */
  readonly onSignedOut: () => void;
}

export const SessionContext = createContext<Session>({ onSignedOut: () => undefined });

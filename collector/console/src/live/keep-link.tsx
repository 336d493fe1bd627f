import { useLive } from './use-live.ts';

const nobody: readonly string[] = [];

/** Keeps the link to the collector watched on pages that show nothing live. */
export function KeepLink(props: { readonly onGap: () => void }) {
  useLive({ agents: nobody, points: 'none' }, { onEvent: () => undefined, onGap: props.onGap });
  return null;
}

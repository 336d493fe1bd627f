/** The console's addresses. The collector answers each of these with the same page (console-routes.ts). */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { readonly page: 'machines' }
  | { readonly page: 'machine'; readonly id: string }
  | { readonly page: 'sign-in' }
  | { readonly page: 'unknown' };

export function parseRoute(path: string): Route {
  if (path === '/') return { page: 'machines' };
  if (path === '/sign-in') return { page: 'sign-in' };
  const [, id] = /^\/machines\/([^/]+)$/.exec(path) ?? [];
  return id === undefined ? { page: 'unknown' } : { page: 'machine', id: decodeURIComponent(id) };
}

export function machinePath(id: string): string {
  return `/machines/${encodeURIComponent(id)}`;
}

/** Told to every `useAddress`, because the browser tells only of moves back and forth. */
const moved = 'vonggac:moved';

/** Goes to another address; `replace` leaves no trace in the history. */
export function navigate(address: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  dispatchEvent(new Event(moved));
}

/** Path and query of the present address. */
export function useAddress(): { readonly path: string; readonly query: URLSearchParams } {
  const [address, setAddress] = useState(() => location.pathname + location.search);
  useEffect(() => {
    const update = () => setAddress(location.pathname + location.search);
    addEventListener('popstate', update);
    addEventListener(moved, update);
    return () => {
      removeEventListener('popstate', update);
      removeEventListener(moved, update);
    };
  }, []);
  const { pathname, searchParams } = new URL(address, location.origin);
  return { path: pathname, query: searchParams };
}

/** A link within the console: no reload, but a new tab when asked for one. */
export function Link(props: { readonly to: string; readonly class?: string; readonly children: ComponentChildren }) {
  function follow(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(props.to);
    scrollTo(0, 0);
  }
  return (
    <a href={props.to} class={props.class} onClick={follow}>
      {props.children}
    </a>
  );
}

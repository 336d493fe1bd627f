/** The console's addresses. The collector answers each of these with the same page (console-routes.ts). */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const plainPages = {
  '/': 'machines',
  '/sign-in': 'sign-in',
  '/incidents': 'incidents',
  '/outages': 'outages',
  '/maintenance': 'maintenance',
  '/availability': 'availability',
  '/rules': 'rules',
  '/links': 'links',
  '/services': 'services',
  '/protection': 'protection',
  '/protection/machines': 'protected-machines',
  '/malware': 'malware',
  '/units': 'units',
  '/units/import': 'unit-import',
  '/codes': 'codes',
  '/people': 'people',
  '/tokens': 'tokens',
  '/audit': 'audit',
  '/collector': 'collector',
  '/account': 'account',
} as const;

/** Addresses of pages about one thing. */
const pagesOfOne = [
  ['machine', /^\/machines\/([^/]+)$/],
  ['unit', /^\/units\/([^/]+)$/],
  ['runbook', /^\/runbook\/([^/]+)$/],
] as const;

export type Route =
  | { readonly page: (typeof plainPages)[keyof typeof plainPages] | 'unknown' }
  | { readonly page: (typeof pagesOfOne)[number][0]; readonly id: string }
  | { readonly page: 'link'; readonly unit: string; readonly link: string };

const linkPage = /^\/links\/([^/]+)\/([^/]+)$/;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export function parseRoute(path: string): Route {
  if (Object.hasOwn(plainPages, path)) return { page: plainPages[path as keyof typeof plainPages] };
  for (const [page, pattern] of pagesOfOne) {
    const id = decode(pattern.exec(path)?.[1] ?? '');
    if (id) return { page, id };
  }
  const [unit, link] = (linkPage.exec(path) ?? []).slice(1).map(decode);
  if (unit && link) return { page: 'link', unit, link };
  return { page: 'unknown' };
}

export function machinePath(id: string): string {
  return `/machines/${encodeURIComponent(id)}`;
}

export function unitPath(code: string): string {
  return `/units/${encodeURIComponent(code)}`;
}

/** `rule` with its instances, texts and runbook. */
export function runbookPath(rule: string): string {
  return `/runbook/${encodeURIComponent(rule)}`;
}

export function linkPath(unit: string, link: string): string {
  return `/links/${encodeURIComponent(unit)}/${encodeURIComponent(link)}`;
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
export function Link(props: {
  readonly to: string;
  readonly class?: string;
  /** Whether this is where one is. */
  readonly current?: boolean;
  readonly children: ComponentChildren;
}) {
  function follow(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(props.to);
    scrollTo(0, 0);
  }
  return (
    <a href={props.to} class={props.class} aria-current={props.current ? 'page' : undefined} onClick={follow}>
      {props.children}
    </a>
  );
}

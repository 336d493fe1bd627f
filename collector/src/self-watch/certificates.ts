/** Certificates that the collector lives by, and when they end. */
import type { Authority } from '../trust/authority.ts';
import type { Certificate } from './self-problem.ts';

interface Holders {
  readonly authority: Pick<Authority, 'info'>;
  /** When the console's own certificate ends; undefined where the console has none. */
  readonly consoleValidTo: number | undefined;
}

export function certificatesOf({ authority, consoleValidTo }: Holders): Certificate[] {
  const validTo = (name: 'ca' | 'leaf') => authority.info(name)?.validTo;
  const found = [
    { name: 'root', validTo: validTo('ca') },
    { name: 'agents-port', validTo: validTo('leaf') },
    { name: 'console', validTo: consoleValidTo },
  ];
  return found.flatMap(({ name, validTo: end }) => (end === undefined ? [] : [{ name, validTo: end }]));
}

import { CANCELLED, CONNREFUSED, NODATA, NOTFOUND, NOTIMP, REFUSED, SERVFAIL, TIMEOUT } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { CheckError, DnsType } from '@vonggac/shared';
import { CheckFailure } from './check-failure.ts';
import type { CheckRun } from './check-run.ts';
import { addressesOf } from './resolve.ts';
import type { Target } from './target.ts';

/** One lost packet is not a dead resolver. c-ares doubles the wait: 1.2 s, then 2.4 s. */
const askOnceMs = 1_200;

const words: Readonly<Record<string, CheckError>> = {
  [NOTFOUND]: 'dns-answer',
  [NODATA]: 'dns-answer',
  [SERVFAIL]: 'dns',
  [REFUSED]: 'dns-refused',
  [NOTIMP]: 'dns-refused',
  [TIMEOUT]: 'timeout',
  [CANCELLED]: 'timeout',
  [CONNREFUSED]: 'refused',
};

/** Whether a resolver answers, with the expected answer if one is given. */
export async function checkDns(target: Target, run: CheckRun): Promise<void> {
  const { query, port } = target.address;
  if (!query) throw new CheckFailure('failed', 'no name to ask for');
  const [address = ''] = await addressesOf(target, run);
  run.signal.throwIfAborted();
  const resolver = new Resolver({ timeout: askOnceMs, tries: 2 });
  resolver.setServers([isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`]);
  run.signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  const startedAt = run.monotonic();
  let answers: string[];
  try {
    answers = await ask(resolver, query);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!target.anyAnswer || (code !== NOTFOUND && code !== NODATA)) {
      const word = Object.hasOwn(words, code) ? words[code] : undefined;
      throw new CheckFailure(word ?? 'bad-answer', `${query.name}: ${code}`);
    }
    answers = [];
  }
  run.rtts.push(run.monotonic() - startedAt);
  const { expect } = query;
  if (expect === undefined || answers.some((answer) => plain(answer) === plain(expect))) return;
  throw new CheckFailure('dns-answer', `${query.name} is not ${expect}`);
}

async function ask(resolver: Resolver, query: { name: string; type: DnsType }): Promise<string[]> {
  switch (query.type) {
    case 'A':
      return resolver.resolve4(query.name);
    case 'AAAA':
      return resolver.resolve6(query.name);
    case 'CNAME':
      return resolver.resolveCname(query.name);
    case 'NS':
      return resolver.resolveNs(query.name);
    case 'MX':
      return (await resolver.resolveMx(query.name)).map(({ exchange }) => exchange);
    case 'TXT':
      return (await resolver.resolveTxt(query.name)).map((parts) => parts.join(''));
  }
}

/** Names are the same in capitals and with the dot of the root. */
function plain(answer: string): string {
  return answer.toLowerCase().replace(/\.$/, '');
}

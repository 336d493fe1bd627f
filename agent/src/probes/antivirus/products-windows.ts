/**
 * Products by the names of their services and by what they are called in the list of installed programs and in Windows
 * Security Center. No maker's page names the services of Bkav, CMC, Viettel and CyRadar. Of Bkav, reports of break-ins name
 * `BkavService` and `BkavSystemService`, which were stopped; of the others even the patterns are guesses.
 */

export interface KnownProduct {
  /** The tag. */
  readonly product: string;
  readonly name: string;
  /** Of the service that protects, in lower case; not of helpers, consoles and management agents. */
  readonly service: RegExp;
  /** The displayed name or the maker, in lower case. */
  readonly title: RegExp;
  /** A process of it, in lower case, where the names of services are not known. */
  readonly process?: RegExp;
  /** Nobody has checked these names on a machine that has the product. */
  readonly isGuess?: true;
}

export const knownProducts: readonly KnownProduct[] = [
  { product: 'kaspersky', name: 'Kaspersky', service: /^avp(?:\d|\.|$)|^kavfs$/, title: /kaspersky/ },
  { product: 'eset', name: 'ESET', service: /^ekrn$/, title: /\beset\b/ },
  {
    product: 'symantec',
    name: 'Symantec Endpoint Protection',
    service: /^sepmasterservice$/,
    title: /symantec|norton/,
  },
  { product: 'bitdefender', name: 'Bitdefender', service: /^(?:epsecurityservice|vsserv)$/, title: /bitdefender/ },
  {
    product: 'trend',
    name: 'Trend Micro',
    service: /^(?:ntrtscan|ds_agent|amsp)$/,
    title: /trend ?micro|apex one|officescan/,
  },
  {
    product: 'sophos',
    name: 'Sophos',
    service: /^(?:savservice|sophos endpoint defense service|sntpservice)$/,
    title: /sophos/,
  },
  { product: 'trellix', name: 'Trellix', service: /^(?:mfemms|mfetp|mcshield)$/, title: /trellix|mcafee/ },
  { product: 'crowdstrike', name: 'CrowdStrike Falcon', service: /^csfalconservice$/, title: /crowdstrike/ },
  { product: 'sentinelone', name: 'SentinelOne', service: /^sentinelagent$/, title: /sentinel ?(?:one|agent)/ },
  { product: 'other-cortex', name: 'Cortex XDR', service: /^cyserver$/, title: /cortex xdr/ },
  { product: 'bkav', name: 'Bkav', service: /^bkav/, title: /\bbkav/, process: /^(?:bkavservice|bka|blupro)\.exe$/ },
  {
    product: 'cmc',
    name: 'CMC',
    service: /^cmc(?:av|core|endpoint|tray|shield)/,
    title: /\bcmc (?:antivirus|internet security|endpoint|cyber)/,
    process: /^cmctrayicon\.exe$/,
    isGuess: true,
  },
  {
    product: 'viettel',
    name: 'Viettel Endpoint Detection and Response',
    service: /ajiant|^vcs-?(?:agent|edr)|viettel.{0,20}(?:edr|endpoint)/,
    title: /ajiant|vcs-|viettel.{0,40}(?:edr|endpoint)/,
    isGuess: true,
  },
  { product: 'other-cyradar', name: 'CyRadar', service: /cyradar/, title: /cyradar/, isGuess: true },
  { product: 'other-avast', name: 'Avast', service: /^avast! antivirus$/, title: /\bavast\b/ },
  { product: 'other-avg', name: 'AVG', service: /^avg antivirus$/, title: /\bavg (?:antivirus|internet)/ },
  { product: 'other-360', name: '360 Total Security', service: /^qhactivedefense$/, title: /360 total security/ },
];

/** Parts of the same makers' programs that protect nothing by themselves. */
const helper =
  /network agent|administration|management agent|\bconsole\b|vpn|password|update agent|web control|removal/;

export function productCalled(title: string): KnownProduct | undefined {
  const called = title.toLowerCase();
  return helper.test(called) ? undefined : knownProducts.find((known) => known.title.test(called));
}

/** Of what is not in the list: `other-` and the name in letters, digits and dashes. */
export function tagOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  return `other-${plain.toLowerCase().slice(0, 40).replace(/^-|-$/g, '') || 'unnamed'}`;
}

/** What kind of malware a name speaks of. Makers name differently, but with the same few words. */
import type { MalwareCategory } from './product-status.ts';

/** `Win.Trojan.Agent-36`, `PUA.Win.Packer.X`, `HEUR:Trojan-Ransom.Win32.X`, `not-a-virus:AdWare.X`: the first that fits. */
const categories: readonly (readonly [RegExp, MalwareCategory])[] = [
  [/eicar/i, 'test'],
  [/ransom/i, 'ransomware'],
  [/adware/i, 'adware'],
  [/^PUA\b|not-a-virus|riskware|potentially (?:unwanted|unsafe)/i, 'pua'],
  [/phish/i, 'phishing'],
  [/rootkit/i, 'rootkit'],
  [/spyware|stealer|keylogger|trojan-(?:spy|psw|banker)/i, 'spyware'],
  [/trojan|trojware|backdoor|downloader|dropper/i, 'trojan'],
  [/worm/i, 'worm'],
  [/exploit/i, 'exploit'],
  [/hacktool|coinminer|\btool\b/i, 'tool'],
  [/virus|virware|\bmacro\b/i, 'virus'],
];

export function categoryOf(name: string): MalwareCategory {
  return categories.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

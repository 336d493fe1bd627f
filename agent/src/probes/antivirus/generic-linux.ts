/**
 * Products that nothing is known of but that they are here: no maker's page describes a way to ask for their state.
 * Sources: folders in `/opt`, unit files of systemd, names of processes, installed packages.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statusOf } from './command-reader-linux.ts';
import type { DpkgStatus } from './dpkg-status.ts';
import type { ProcessesLinux } from './processes-linux.ts';
import type { AntivirusReader, ProductStatus } from './product-status.ts';

interface OpaqueProduct {
  readonly product: string;
  readonly name: string;
  /** In `/opt`. */
  readonly folders: readonly string[];
  /** Of a folder in `/opt`, a unit, a process or a package. */
  readonly pattern: RegExp;
  /** Nobody has checked these names on a machine that has the product, and no maker's page has them. */
  readonly isGuess?: true;
}

const products: readonly OpaqueProduct[] = [
  { product: 'bkav', name: 'Bkav', folders: ['Bkav', 'bkav'], pattern: /^bkav/i, isGuess: true },
  {
    product: 'cmc',
    name: 'CMC',
    folders: ['CMC', 'cmc'],
    pattern: /^cmc[-_]?(?:av|antivirus|core|edr|endpoint|agent)/i,
    isGuess: true,
  },
  {
    product: 'viettel',
    name: 'Viettel Endpoint Detection and Response',
    folders: ['viettel', 'ajiant'],
    pattern: /^(?:ajiant|vcs[-_]?(?:agent|ajiant|edr)|viettel[-_]?(?:edr|endpoint)|vedr)/i,
    isGuess: true,
  },
  { product: 'other-cyradar', name: 'CyRadar', folders: [], pattern: /^cyradar/i, isGuess: true },
  {
    product: 'symantec',
    name: 'Symantec Endpoint Protection',
    folders: ['Symantec/symantec_antivirus'],
    pattern: /^(?:sepfl|rtvscand|symcfgd)$/,
  },
  { product: 'trellix', name: 'Trellix', folders: ['isec/ens', 'McAfee/ens'], pattern: /^(?:mfetpd?|isectpd)$/ },
  { product: 'other-cortex', name: 'Cortex XDR', folders: ['traps'], pattern: /^(?:traps_pmd|cortex-agent)$/ },
  { product: 'other-drweb', name: 'Dr.Web', folders: ['drweb.com'], pattern: /^drweb/ },
  { product: 'other-withsecure', name: 'WithSecure', folders: ['f-secure'], pattern: /^(?:fsma|fsaua|f-secure)/ },
];

const unitFolders = ['etc/systemd/system', 'usr/lib/systemd/system', 'lib/systemd/system'];

export function genericReader(options: { root: string; processes: ProcessesLinux; dpkg: DpkgStatus }): AntivirusReader {
  const { root, processes, dpkg } = options;
  return {
    name: 'generic',
    isPresent: () => true,
    async read() {
      const files = unitFolders.flatMap((folder) => namesIn(join(root, folder)));
      const units = files.map((file) => ({ file, name: file.replace(/\.service$/, '') }));
      const folders = namesIn(join(root, 'opt'));
      return products.flatMap((product) => find(product, { root, units, folders, processes, dpkg }) ?? []);
    },
  };
}

function find(
  { product, name, folders: known, pattern, isGuess }: OpaqueProduct,
  machine: {
    root: string;
    units: readonly { file: string; name: string }[];
    folders: readonly string[];
    processes: ProcessesLinux;
    dpkg: DpkgStatus;
  },
): ProductStatus | undefined {
  const { root, units, folders, processes, dpkg } = machine;
  const folder =
    known.find((one) => namesIn(join(root, 'opt', one)).length > 0) ?? folders.find((one) => pattern.test(one));
  const unit = units.find((one) => pattern.test(one.name))?.file;
  const installed = dpkg.find(pattern);
  const running = processes.all().filter((process) => pattern.test(process.name));
  if (folder !== undefined) running.push(...processes.of(`/opt/${folder}`));
  if (folder === undefined && unit === undefined && !installed && running.length === 0) return undefined;
  const source = folder ? `/opt/${folder}` : (unit ?? installed?.name ?? running[0]?.name ?? '');
  const guessed = isGuess ? '; recognised by a name that was not checked on a real machine' : '';
  const problem = `present, but nothing says its state${guessed}`;
  const reading = { readState: 'unsupported', version: installed?.version, source, problem } as const;
  const hook = processes.openHook(running);
  const isRunning = running.length > 0 || (processes.seesPrograms() ? false : undefined);
  return statusOf({ product, name, folder: source }, { reading, isRunning, hook });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

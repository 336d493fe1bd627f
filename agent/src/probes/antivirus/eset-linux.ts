/** ESET Endpoint Antivirus and Server Security for Linux. Sources: `upd` and `lic`; neither says whether files are watched. */
import { quote } from '../clean-text.ts';
import type { CommandProduct, Reading } from './command-reader-linux.ts';
import { parseDate, parseLabelledLines } from './labelled-lines.ts';

function eset(folder: string, name: string): CommandProduct {
  return {
    product: 'eset',
    name,
    folder,
    async read(ask) {
      const version = await ask('bin/upd', '--version');
      const modules = await ask('bin/upd', '--list-modules');
      const licence = await ask('sbin/lic', '--status').catch(() => undefined);
      return { ...parseEset(version.stdout, modules.stdout), ...parseLicence(licence?.stdout ?? ''), source: 'upd' };
    },
  };
}

export const esetProducts = [
  eset('/opt/eset/eea', 'ESET Endpoint Antivirus'),
  eset('/opt/eset/efs', 'ESET Server Security'),
];

/** `EM002	 31832 (20250909)	Detection engine` */
const detectionEngine = /^EM002\s+(\d{1,10}) \((\d{4})(\d\d)(\d\d)\)/m;

/** `/opt/eset/eea/bin/upd (eea) 12.0.13.0`, and the list of modules. Throws when neither is understood. */
export function parseEset(versionText: string, modules: string): Reading {
  const version = /\) (\d+(?:\.\d+){1,5})\s*$/.exec(versionText)?.[1];
  const [, signatures, year, month, day] = detectionEngine.exec(modules) ?? [];
  if (version === undefined && signatures === undefined)
    throw new Error(`upd is not understood: ${quote(versionText)}`);
  return { version, signatureVersion: signatures, signatureTime: parseDate(`${year}-${month}-${day}`, 'utc') };
}

/** `Status: Activated`, `License Validity: 2026-06-21` */
export function parseLicence(text: string): Pick<Reading, 'licenceStatus' | 'licenceExpires'> {
  const lines = parseLabelledLines(text);
  const status = lines.get('status')?.toLowerCase();
  return {
    licenceStatus: status === undefined ? undefined : status === 'activated' ? 'valid' : licenceProblem(status),
    licenceExpires: parseDate(lines.get('license validity'), 'utc'),
  };
}

function licenceProblem(status: string): 'expired' | 'none' | undefined {
  if (status.includes('expired')) return 'expired';
  return status.includes('not activated') ? 'none' : undefined;
}

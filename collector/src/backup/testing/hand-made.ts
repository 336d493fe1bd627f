/** Backups as nobody should make them. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Manifest } from '../manifest.ts';
import { sumLine } from '../manifest.ts';
import { endOfArchive, paddingOf, tarHeader } from '../tar.ts';

export interface HandMade {
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Entries after the manifest. */
  readonly entries?: readonly (readonly [name: string, content: string])[];
  /** The list of hashes; right when absent. */
  readonly sums?: string;
  readonly end?: Buffer;
  /** Changes the bytes of the archive before they are compressed. */
  readonly spoil?: (archive: Buffer) => Buffer;
}

const files = ['trust/ca-key.pem', 'trust/ca.pem', 'collector.db'];

export const goodManifest: Manifest = {
  format: 1,
  version: '0.1.0',
  made_at: '2026-11-23T09:00:00.000Z',
  host: 'ttdl',
  series: 'left-out',
  files: files.map((name) => ({ name, bytes: name.length, format: 0 })),
};

/** Each file holds its own name. */
export const goodEntries = files.map((name) => [name, name] as const);

export function entry(name: string, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([tarHeader({ name, bytes: bytes.length }, 0), bytes, Buffer.alloc(paddingOf(bytes.length))]);
}

export function writeByHand(file: string, { manifest, entries = goodEntries, sums, end, spoil }: HandMade = {}): void {
  const all = [['manifest.json', JSON.stringify({ ...goodManifest, ...manifest })] as const, ...entries];
  const right = all
    .map(([name, content]) => sumLine(name, createHash('sha256').update(content).digest('hex')))
    .join('');
  const archive = Buffer.concat([
    ...all.map(([name, content]) => entry(name, content)),
    entry('SHA256SUMS', sums ?? right),
    end ?? endOfArchive,
  ]);
  writeFileSync(file, gzipSync(spoil?.(archive) ?? archive));
}

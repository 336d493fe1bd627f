/**
 * CSV as people keep it in a spreadsheet: RFC 4180, UTF-8 with or without byte order mark, separated by comma or, as
 * Excel does in Vietnam, by semicolon. Written files are safe to open in a spreadsheet and read back exactly.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

export const separators = [',', ';'] as const;
export type Separator = (typeof separators)[number];

/** Something wrong with the file; without a line it concerns the whole. */
export interface FileProblem {
  readonly line: number | null;
  readonly column: string | null;
  readonly detail: string;
}

export interface CsvRow {
  /** Line on which the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvText {
  readonly rows: readonly CsvRow[];
  readonly problems: readonly FileProblem[];
}

/** Reads the rows that are not blank. A quotation mark out of place makes all that follows unreadable. */
export function readCsv(bytes: Uint8Array): CsvText {
  const text = decode(bytes);
  if (text === undefined) return failedFile('the file is not UTF-8: in Excel, save it as "CSV UTF-8"');
  const firstLine = /^.*\S.*$/m.exec(text)?.[0] ?? '';
  const rows: CsvRow[] = [];
  try {
    parse(text, {
      // Names of columns have neither, so the header tells.
      delimiter: firstLine.includes(';') ? ';' : ',',
      relax_column_count: true,
      on_record(record: string[], { lines }) {
        const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
        if (record.some((cell) => cell.trim() !== '')) rows.push({ line: lines - breaks, cells: record.map(revive) });
        return null;
      },
    });
    return { rows, problems: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const detail = 'a quotation mark is out of place; what follows could not be read';
    return { rows, problems: [{ line: Number(error.lines), column: null, detail }] };
  }
}

/** A file that cannot be used as a whole. */
export function failedFile(detail: string): { readonly rows: []; readonly problems: readonly FileProblem[] } {
  return { rows: [], problems: [{ line: null, column: null, detail }] };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    // The parser counts a line break of two characters in a cell as two lines.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    return undefined;
  }
}

/** A spreadsheet takes a cell that begins like this for a formula and runs it; the wide forms are taken for the plain. */
const formula = /^'*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** Makes a cell plain text for any spreadsheet. What has such a mark already gets one more, so that `revive` is exact. */
function disarm(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

function revive(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

/** `continued`: rows that follow others in the same file. */
export function writeCsv(
  rows: readonly (readonly string[])[],
  options: { readonly separator: Separator; readonly continued?: boolean },
): string {
  return stringify(
    rows.map((cells) => cells.map(disarm)),
    {
      // Without it, Excel takes the file for another encoding.
      bom: !options.continued,
      delimiter: options.separator,
      record_delimiter: 'windows',
      // In an Excel that separates by the other one, a cell would begin in the middle of a text.
      quoted_match: /[,;]/,
    },
  );
}

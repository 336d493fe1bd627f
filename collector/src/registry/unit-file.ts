/**
 * Units as rows of a file. A column that is not there, or a row that ends before it, changes nothing: spreadsheets leave
 * out empty cells at the end of a row. An empty cell takes the value away.
 */
import { type CsvRow, type FileProblem, failedFile, readCsv, type Separator, writeCsv } from './unit-csv.ts';
import { readUnitField, textOfValue } from './unit-text.ts';
import { inTreeOrder } from './unit-tree.ts';
import { UnitCode, type UnitField, type UnitPatch, type UnitValues, unitFields } from './unit-values.ts';

export const maxFileBytes = 2 * 1_048_576;
const maxRows = 5_000;
/** How much a message shows of a wrong cell. */
const shownAtMost = 40;

const columns: readonly string[] = ['code', ...unitFields];

/** A row that names a unit, with the values that could be read. */
export interface UnitRow {
  readonly line: number;
  readonly code: string;
  readonly patch: UnitPatch;
}

export interface UnitFile {
  readonly rows: readonly UnitRow[];
  readonly problems: readonly FileProblem[];
}

/** Reads a file and finds everything that is wrong with it by itself; what its units do to the tree is another matter. */
export function readUnitFile(bytes: Uint8Array): UnitFile {
  if (bytes.length > maxFileBytes)
    return failedFile(`the file has ${bytes.length} bytes; at most ${maxFileBytes} are read`);
  const { rows, problems } = readCsv(bytes);
  const [header, ...body] = rows;
  if (!header) return problems.length > 0 ? { rows: [], problems } : failedFile('the file is empty');
  const names = withoutEmptyEnd(header.cells).map((name) => name.trim().toLowerCase());
  const wrong = checkHeader(names, header.line);
  if (wrong.length > 0) return { rows: [], problems: [...wrong, ...problems] };
  if (body.length > maxRows) return failedFile(`the file has ${body.length} rows; at most ${maxRows} are read`);
  return readRows(body, { names, problems });
}

function withoutEmptyEnd(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);
}

function checkHeader(names: readonly string[], line: number): FileProblem[] {
  const details = names
    .filter((name) => !columns.includes(name))
    .map((name) => `there is no column ${quote(name)}; known are ${columns.join(', ')}`);
  for (const name of columns) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) details.push(`the column "${name}" is there twice`);
  }
  if (!names.includes('code')) details.push('the column "code" is missing');
  return details.map((detail) => ({ line, column: null, detail }));
}

/** A wrong cell in one line, and not all of a long one. */
function quote(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return `"${line.length > shownAtMost ? `${line.slice(0, shownAtMost)}…` : line}"`;
}

function readRows(
  body: readonly CsvRow[],
  file: { readonly names: readonly string[]; readonly problems: readonly FileProblem[] },
): UnitFile {
  const problems = [...file.problems];
  const rows = new Map<string, UnitRow>();
  for (const row of body) {
    const { code, patch, problems: found } = readRow(row, file.names);
    problems.push(...found);
    if (code === undefined) continue;
    const first = rows.get(code);
    if (first) problems.push({ line: row.line, column: 'code', detail: `${code} is on line ${first.line} already` });
    else rows.set(code, { line: row.line, code, patch });
  }
  return { rows: [...rows.values()], problems };
}

function readRow(
  { line, cells }: CsvRow,
  names: readonly string[],
): { code: string | undefined; patch: UnitPatch; problems: FileProblem[] } {
  const count = withoutEmptyEnd(cells).length;
  if (count > names.length) {
    const detail = `the row has ${count} cells, the header ${names.length}: a text with a separator needs quotation marks`;
    return { code: undefined, patch: {}, problems: [{ line, column: null, detail }] };
  }
  const problems: FileProblem[] = [];
  const patch: Record<string, unknown> = {};
  let code: string | undefined;
  for (const [index, name] of names.entries()) {
    const text = cells[index];
    if (text === undefined) continue;
    const result = name === 'code' ? readCode(text) : readUnitField(name as UnitField, text);
    if ('problems' in result) {
      const shown = text.trim() === '' ? '' : `${quote(text)}: `;
      for (const detail of result.problems) problems.push({ line, column: name, detail: `${shown}${detail}` });
    } else if (name === 'code') code = String(result.value);
    else patch[name] = result.value;
  }
  return { code, patch: patch as UnitPatch, problems };
}

function readCode(text: string): ReturnType<typeof readUnitField> {
  if (text.trim() === '') return { problems: ['is missing'] };
  const result = UnitCode.safeParse(text);
  return result.success ? { value: result.data } : { problems: result.error.issues.map(({ message }) => message) };
}

/** The file that reads back into the same values, parents before their children. */
export function writeUnitFile(
  units: readonly (UnitValues & { readonly code: string })[],
  options: { readonly separator: Separator },
): string {
  const rows = inTreeOrder(units).map(({ unit }) => [
    unit.code,
    ...unitFields.map((field) => textOfValue(field, unit)),
  ]);
  return writeCsv([columns, ...rows], options);
}

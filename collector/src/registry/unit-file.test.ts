import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxFileBytes, readUnitFile, writeUnitFile } from './unit-file.ts';
import { UnitPatch, type UnitValues, withPatch } from './unit-values.ts';

const sample = join(import.meta.dirname, '../../../tests/fixtures/units/quang-binh-2022.csv');

function read(text: string) {
  return readUnitFile(new TextEncoder().encode(text));
}

/** `line column: detail` of each problem. */
function problemsOf(text: string): string[] {
  return read(text).problems.map(({ line, column, detail }) => `${line ?? 'file'} ${column ?? '-'}: ${detail}`);
}

describe('a file is read', () => {
  test('as the sample of a real province', () => {
    const { rows, problems } = readUnitFile(readFileSync(sample));
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(35);
    expect(rows[0]).toEqual({
      line: 2,
      code: 'QB',
      patch: {
        name: 'Tỉnh Quảng Bình',
        parent: null,
        kind: 'province',
        declared_servers: 116,
        declared_pcs: 7194,
        note: '5.636 máy bàn và 1.558 máy xách tay (tổng toàn tỉnh, 2022)',
      },
    });
  });

  test.each([
    ['commas', 'code,name\nA,"Xã A, cũ"\n'],
    ['semicolons', 'code;name\nA;Xã A, cũ\n'],
    ['a byte order mark and carriage returns', '\ufeffcode;name\r\nA;"Xã A, cũ"\r\n'],
    ['no end of the last line', 'code,name\nA,"Xã A, cũ"'],
    ['old line ends', 'code,name\rA,"Xã A, cũ"\r'],
    ['blank lines and rows of empty cells', '\n;;\ncode;name\n\n;;;\nA;Xã A, cũ\n;;\n'],
    ['columns without a name at the end', 'code;name;;\nA;Xã A, cũ;;\n'],
    ['capitals and spaces in the header', ' Code , NAME \nA,"Xã A, cũ"\n'],
    ['columns in another order', 'name,code\n"Xã A, cũ",A\n'],
  ])('with %s', (_, text) => {
    expect(read(text)).toMatchObject({ problems: [], rows: [{ code: 'A', patch: { name: 'Xã A, cũ' } }] });
  });

  test('with an empty cell as taking the value away, with none as leaving it alone', () => {
    expect(read('code,kind,note\nA,,\nB\nC,commune').rows.map(({ patch }) => patch)).toEqual([
      { kind: null, note: null },
      {},
      { kind: 'commune' },
    ]);
  });

  test('with the line on which each row begins', () => {
    expect(read('code,kind\r\n\r\nA,x\r\n"B",y\r\n').rows.map(({ line }) => line)).toEqual([3, 4]);
    expect(problemsOf('code,note\n"A","một\nhai\r\nba"\nB,"x\ny"')).toEqual([
      '2 note: "một hai ba": has a line break: write it in one line',
      '5 note: "x y": has a line break: write it in one line',
    ]);
  });
});

describe('a file is refused', () => {
  test.each([
    ['', 'file -: the file is empty'],
    ['\n \n', 'file -: the file is empty'],
    ['name\nA', '1 -: the column "code" is missing'],
    ['\ncode,code\nA,B', '2 -: the column "code" is there twice'],
    ['code,"na', '1 -: a quotation mark is out of place'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });

  test('with every column that is not known', () => {
    expect(problemsOf(`code,phone,${'x'.repeat(99)}\nA,1,2`)).toEqual([
      expect.stringMatching(/^1 -: there is no column "phone"; known are code, name, parent, kind, contact_name, /),
      expect.stringContaining(`there is no column "${'x'.repeat(40)}…"`),
    ]);
  });

  test('when it is not UTF-8, and says how Excel makes it so', () => {
    const detail = expect.stringContaining('CSV UTF-8');
    for (const bytes of [Buffer.from('code,name\nA,\xd0', 'latin1'), Buffer.from('\ufeffcode\tname', 'utf16le')]) {
      expect(readUnitFile(bytes)).toEqual({ rows: [], problems: [{ line: null, column: null, detail }] });
    }
  });

  test('when it is too large or has too many rows', () => {
    const rows = `code,name\n${'A,B\n'.repeat(5_001)}`;
    expect(problemsOf(rows)).toEqual(['file -: the file has 5001 rows; at most 5000 are read']);
    expect(readUnitFile(new Uint8Array(maxFileBytes + 1)).problems[0]?.detail).toContain('at most 2097152 are read');
  });

  test('with every problem of every row at once', () => {
    const text = [
      'code,name,security_level,contact_phone,links',
      'A,Xã A,9,không có,x:y',
      'a,Xã a,1,,',
      ',Xã B,1,,',
      'C,Xã C, phường cũ,1,,',
      'A,Xã A,1,113,',
      'D,,1,113,a:internet',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      '2 security_level: "9": is a whole number from 1 to 5',
      '2 contact_phone: "không có": is a telephone number with 3 to 40 digits',
      '2 links: "x:y": link 1: kind is tslcd or internet',
      '3 code: "a": has 1 to 32 capital letters without marks, digits and dashes, as in QB-STTTT',
      '4 code: is missing',
      '5 security_level: "phường cũ": is a whole number from 1 to 5',
      '5 contact_phone: "1": is a telephone number with 3 to 40 digits',
      '6 code: A is on line 2 already',
      '7 name: is missing',
    ]);
  });

  test('with a row that has more cells than the header', () => {
    expect(problemsOf('code,name\nA,Xã A, cũ\nB,b')).toEqual([
      '2 -: the row has 3 cells, the header 2: a text with a separator needs quotation marks',
    ]);
  });

  test('from the line of a quotation mark out of place, with what was wrong before', () => {
    expect(problemsOf('code,security_level\nA,7\nB,"1" x\nC,8')).toEqual([
      '3 -: a quotation mark is out of place; what follows could not be read',
      '2 security_level: "7": is a whole number from 1 to 5',
    ]);
  });
});

describe('a written file', () => {
  const unit = (values: UnitValues, code = 'A') => ({ code, ...values });

  test('has a byte order mark, every column and the parents first', () => {
    const text = writeUnitFile([unit({ name: 'con', parent: 'B' }), unit({ name: 'mẹ', declared_pcs: 3 }, 'B')], {
      separator: ';',
    });
    expect(text.split('\r\n')).toEqual([
      '\ufeffcode;name;parent;kind;contact_name;contact_phone;location;security_level;declared_servers;' +
        'declared_gateways;declared_pcs;links;calendar;note',
      'B;mẹ;;;;;;;;;3;;;',
      'A;con;B;;;;;;;;;;;',
      '',
    ]);
  });

  test.each(['=HYPERLINK("http://x")', '+84 912 345 678', '-1+1', '@SUM(A1)', '＝1', "'=1", "''@x"])(
    'starts no formula in a spreadsheet: %s',
    (note) => {
      const text = writeUnitFile([unit({ name: 'A', note })], { separator: ',' });
      expect(text).toMatch(/,"?''*[=+\-@＝]/);
      expect(text).not.toMatch(/,"?[=+\-@＝]/);
      expect(read(text).rows[0]?.patch.note).toBe(note);
    },
  );

  test('keeps a text together for the other separator too', () => {
    expect(writeUnitFile([unit({ name: 'A', note: 'x;=1' })], { separator: ',' })).toContain('"x;=1"');
    expect(writeUnitFile([unit({ name: 'A', note: 'x,=1' })], { separator: ';' })).toContain('"x,=1"');
  });

  test('reads back into the same values', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aĐễ=+-@\'",;|:# \u00a0'), minLength: 1, maxLength: 20 });
    const count = fc.option(fc.integer({ min: 0, max: 1_000_000 }));
    const link = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('tslcd', 'internet'),
      carrier: fc.constantFrom(undefined, 'VNPT', '=FPT; Telecom'),
      edge: fc.constantFrom(undefined, '10.0.0.1', '2001:db8::', 'x.example.vn'),
    });
    const patch = fc
      .record({
        name: text,
        note: fc.option(text),
        location: fc.option(text),
        contact_phone: fc.constantFrom(null, '+84 912 345 678', '(0232) 3822000; 113'),
        security_level: fc.option(fc.integer({ min: 1, max: 5 })),
        declared_pcs: count,
        links: fc.uniqueArray(link, { maxLength: 3, selector: ({ id }) => id }),
      })
      .map((values) => UnitPatch.safeParse(values))
      .filter(({ success }) => success);
    fc.assert(
      fc.property(patch, fc.constantFrom(',', ';'), (parsed, separator) => {
        const values = withPatch({ name: '' }, parsed.data ?? {});
        const { rows, problems } = read(writeUnitFile([unit(values)], { separator }));
        expect(problems).toEqual([]);
        expect(withPatch({ name: '' }, rows[0]?.patch ?? {})).toEqual(values);
      }),
    );
  });
});

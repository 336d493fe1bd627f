/**
 * The part of Markdown that runbooks are written in: headings, paragraphs, numbered and plain lists, code. Anything else
 * is shown as it is written; nothing becomes HTML but by the page itself.
 */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly isNumbered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string };

export interface Span {
  readonly isCode: boolean;
  readonly text: string;
}

const fence = '```';
const numbered = /^\d+\. (.*)$/;
const plain = /^- (.*)$/;

export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines[0] ?? '';
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    if (line.trim() === '') lines.shift();
    else if (line.startsWith(fence)) blocks.push(readCode(lines));
    else if (heading) {
      lines.shift();
      const [, marks = '#', title = ''] = heading;
      blocks.push({ kind: 'heading', level: marks.length as 1 | 2 | 3, text: title });
    } else if (numbered.test(line) || plain.test(line)) blocks.push(readList(lines));
    else {
      lines.shift();
      blocks.push({ kind: 'paragraph', text: [line, ...takeWhile(lines, isText)].join(' ') });
    }
  }
  return blocks;
}

/** Text with `code` in it. */
export function readSpans(text: string): Span[] {
  return text
    .split('`')
    .map((part, index) => ({ isCode: index % 2 === 1, text: part }))
    .filter((span) => span.text !== '');
}

function readCode(lines: string[]): Block {
  lines.shift();
  const text = takeWhile(lines, (line) => !line.startsWith(fence)).join('\n');
  lines.shift();
  return { kind: 'code', text };
}

function readList(lines: string[]): Block {
  const isNumbered = numbered.test(lines[0] ?? '');
  const pattern = isNumbered ? numbered : plain;
  const items = takeWhile(lines, (line) => pattern.test(line)).map((line) => pattern.exec(line)?.[1] ?? '');
  return { kind: 'list', isNumbered, items };
}

function isText(line: string): boolean {
  return (
    line.trim() !== '' && !line.startsWith('#') && !line.startsWith(fence) && !numbered.test(line) && !plain.test(line)
  );
}

function takeWhile(lines: string[], isWanted: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !isWanted(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

/**
 * Events as `wevtutil qe /f:xml` prints them. A reader of just that: elements, attributes in quotes, text, the five
 * named and the numeric entities. No comments, no CDATA, no document types, and so nothing that expands.
 * https://learn.microsoft.com/windows/win32/wes/eventschema-schema
 */

export interface WindowsEvent {
  readonly id: number;
  readonly record: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The values of EventData by name. */
  readonly data: ReadonlyMap<string, string>;
  /** Those without a name, as programs of the old kind write them: the texts that their message is made of. */
  readonly texts: readonly string[];
}

export interface EventList {
  readonly events: readonly WindowsEvent[];
  /** Those that could not be read: passed over, so that one of them does not hide all others for ever. */
  readonly unreadable: number;
}

/** Far above what a product writes into an event; the longest is a list of infected files. */
const maxEvent = 256 * 1024;
const maxDepth = 8;
const maxElements = 500;

/** Takes a root element or none. `<` within texts is written `&lt;`, so that the end tags are what they seem. */
export function parseWindowsEvents(text: string): EventList {
  const events: WindowsEvent[] = [];
  let unreadable = 0;
  const start = /<Event[\s>]/g;
  const end = '</Event>';
  for (let begin = start.exec(text); begin !== null; begin = start.exec(text)) {
    const at = text.indexOf(end, begin.index);
    const event = at === -1 ? undefined : parseEvent(text.slice(begin.index, at + end.length));
    if (event === undefined) unreadable += 1;
    else events.push(event);
    if (at === -1) break;
    start.lastIndex = at + end.length;
  }
  return { events, unreadable };
}

function parseEvent(text: string): WindowsEvent | undefined {
  const root = text.length > maxEvent ? undefined : parseXml(text);
  const system = child(root, 'System');
  const id = wholeNumber(child(system, 'EventID')?.text);
  const record = wholeNumber(child(system, 'EventRecordID')?.text);
  const time = Date.parse(child(system, 'TimeCreated')?.attributes.get('SystemTime') ?? '');
  if (id === undefined || record === undefined || Number.isNaN(time)) return undefined;
  const data = new Map<string, string>();
  const texts: string[] = [];
  for (const { name, attributes, text } of child(root, 'EventData')?.children ?? []) {
    if (name !== 'Data') continue;
    const key = attributes.get('Name');
    if (key === undefined) texts.push(text.trim());
    else data.set(key, text.trim());
  }
  return { id, record, time, data, texts };
}

interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

const tag = /<(\/?)([A-Za-z][\w.-]{0,100})((?:\s+[\w:.-]{1,100}=(?:'[^'<]*'|"[^"<]*"))*)\s*(\/?)>/y;
const attribute = /([\w:.-]+)=(?:'([^']*)'|"([^"]*)")/g;

/** Undefined for what is not one well-formed element. */
function parseXml(text: string): XmlElement | undefined {
  const top: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [top];
  let elements = 0;
  for (let position = 0; position < text.length; ) {
    const current = open.at(-1);
    if (current === undefined) return undefined;
    if (text[position] !== '<') {
      const next = text.indexOf('<', position);
      const to = next === -1 ? text.length : next;
      current.text += decodeEntities(text.slice(position, to));
      position = to;
      continue;
    }
    tag.lastIndex = position;
    const [whole, slash, name = '', attributes = '', empty] = tag.exec(text) ?? [];
    if (whole === undefined) return undefined;
    position += whole.length;
    if (slash === '/') {
      if (open.pop()?.name !== name || empty === '/' || attributes !== '') return undefined;
      continue;
    }
    elements += 1;
    const element = { name, attributes: parseAttributes(attributes), children: [], text: '' };
    current.children.push(element);
    if (empty !== '/') open.push(element);
    if (elements > maxElements || open.length > maxDepth) return undefined;
  }
  return open.length === 1 && top.children.length === 1 ? top.children[0] : undefined;
}

function parseAttributes(text: string): Map<string, string> {
  const found = [...text.matchAll(attribute)];
  return new Map(found.map(([, name = '', single, double]) => [name, decodeEntities(single ?? double ?? '')]));
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

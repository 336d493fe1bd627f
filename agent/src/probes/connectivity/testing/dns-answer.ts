/** As much of RFC 1035 as a test resolver needs. */

/** The answer to `question` with `code` and records, each its type and data. */
export function dnsAnswer(
  question: Buffer,
  content: { code?: number; records?: readonly (readonly [type: number, data: Buffer])[] },
): Buffer {
  const { code = 0, records = [] } = content;
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  const asked = question.subarray(12, question.indexOf(0, 12) + 5);
  const answers = records.map(([type, data]) => {
    // A pointer to the name in the question, type, class IN, 60 s to live, length.
    const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, asked, ...answers]);
}

export function dnsName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.alloc(1)]);
}

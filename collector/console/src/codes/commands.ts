/** What to type on a machine to enrol it. */

/** Text that every shell takes as it is; a code and an address have nothing else. */
const plain = /^[\w.:[\]-]+$/;

function checked(text: string): string {
  if (!plain.test(text)) throw new Error(`${text} would not be one word in a shell`);
  return text;
}

export function linuxCommand(fullCode: string): string {
  return `sudo vonggac-agent enrol ${checked(fullCode)}`;
}

export function windowsCommand(fullCode: string): string {
  return `vonggac-agent enrol ${checked(fullCode)}`;
}

/** With the short code the address is given apart. */
export function phoneCommand(shortCode: string, address: string | undefined): string {
  const command = `vonggac-agent enrol ${checked(shortCode)}`;
  return address === undefined ? command : `${command} --address ${checked(address)}`;
}

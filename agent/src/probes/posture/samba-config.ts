/** https://www.samba.org/samba/docs/current/man-html/smb.conf.5.html */

/** The least version of SMB that the server speaks. `default` is SMB 2 from Samba 4.11 on, SMB 1 before. */
export function parseSambaMinimum(text: string): 'smb1' | 'smb2' | 'default' {
  let section = 'global';
  let minimum: string | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line.startsWith('[')) section = line.slice(1).split(']')[0]?.trim().toLowerCase() ?? section;
    const [name = '', value = ''] = line.split('=', 2).map((part) => part.trim());
    const isMinimum = /^(?:server )?min protocol$/i.test(name.slice(0, 40).replace(/\s+/g, ' '));
    if (section === 'global' && isMinimum && /^\w{1,20}$/.test(value)) minimum = value;
  }
  if (minimum === undefined) return 'default';
  return /^SMB[23]/i.test(minimum) ? 'smb2' : 'smb1';
}

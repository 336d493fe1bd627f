/** Takes out of a detection what tells who uses the machine, unless the configuration wants it in full. */

/** `full`: objects as the product names them; `reduced`: without names of users and without what follows a `?` in addresses. */
export type Privacy = 'full' | 'reduced';

/** Profiles of Windows; `Documents and Settings` until Windows XP. */
const windowsProfile = /(\\(?:Users|Documents and Settings)\\)(?!Public\\|Default\\|All Users\\)[^\\]+/gi;
const unixHome = /(\/(?:home|Users)\/)[^/\s]+/g;
const addressWithQuery = /\b([a-z][a-z0-9+.-]{1,15}:\/\/[^\s?#]*)[?#]\S*/gi;
/** `user:password@` of an address. */
const addressWithUser = /\b([a-z][a-z0-9+.-]{1,15}:\/\/)[^\s/@]*@/gi;

/** Far more than is sent. */
const longest = 4_096;

export function reducePersonal(text: string, privacy: Privacy): string {
  if (privacy === 'full') return text;
  return text
    .slice(0, longest)
    .replace(windowsProfile, '$1<user>')
    .replace(unixHome, '$1<user>')
    .replace(addressWithQuery, '$1')
    .replace(addressWithUser, '$1');
}

/** The sign-in code in an address or in whatever was pasted: the code itself, or the whole link. */
export function findCode(text: string): string | undefined {
  return /(?:[#?&]code=|^\s*)([\w-]{43})\s*$/.exec(text)?.[1];
}

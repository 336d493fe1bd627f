/**
 * Characters that are not seen but change what is: controls, zero-width ones, and those that turn the direction of
 * writing, with which `‮gpj.exe` reads as `exe.jpg`.
 */
const deceptive =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text that a machine gave, fit to be shown: deceptive characters become a visible mark. */
export function safeText(text: string): string {
  return text.replace(deceptive, '\ufffd');
}

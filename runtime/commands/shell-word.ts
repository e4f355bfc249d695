/** A word as it is pasted into a shell: in single quotes where it has anything but plain characters. */
export function shellWord(text: string): string {
  const word = text.startsWith('-') ? `./${text}` : text; // a path, not an option
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

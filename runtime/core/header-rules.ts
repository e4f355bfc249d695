/** As RFC 9110 spells a name (5.6.2) and a value (5.5), a byte a character. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Ours to say: how the message is delimited, and what becomes of the connection. */
const OURS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade']);

/** Also of a request's method. */
export function isHeaderName(text: string): boolean {
  return NAME.test(text);
}

export function isHeaderValue(text: string): boolean {
  return VALUE.test(text);
}

/** The character that spoils a value, and its place: the value itself may be a credential. */
export function firstUnsendable(value: string): string {
  const chars = [...value];
  const at = chars.findIndex((char) => !VALUE.test(char));
  return `${JSON.stringify(chars[at])} at place ${at}`;
}

/** Whether a header that somebody gives is left out, and said by us where it is needed. @param name - in lower case */
export function isOurs(name: string): boolean {
  return OURS.has(name);
}

/** Whether what goes out is another thing than what was given. @param name - in lower case */
export function isReplaced(name: string, value: string): boolean {
  return OURS.has(name) && !(name === 'connection' && /^\s*(?:close|keep-alive)\s*$/i.test(value));
}

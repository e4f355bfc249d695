/** The text of a URL without the name and password in it: those are for the wire, not for reports. What is no URL stays as it is. */
export function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** Where a path of a script leads: an absolute URL as it is, anything else under the base URL, which ends in no slash. */
export function absoluteUrl(baseUrl: string, path: string): string {
  if (/^[a-z][a-z\d+.-]*:/i.test(path)) return path;
  return `${baseUrl}${path.startsWith('/') || path === '' ? '' : '/'}${path}`;
}

/** The text of a URL without the name and password in it: those are for the wire, not for reports. What is no URL stays as it is. */
export function withoutUserinfo(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1');
}

import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { ASK } from '../core/mailbox.ts';
import { readUrl } from '../core/read-url.ts';

const URL_PARTS = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;
const RANDOM_BYTES_MAX = 65_536;

function urlParts(url: URL): string {
  const parts: Record<string, string> = {};
  for (const part of URL_PARTS) parts[part] = url[part];
  return JSON.stringify(parts);
}

function newUrl(text: string): string {
  const [href, base] = JSON.parse(text) as [string, string | null];
  const url = readUrl(href, base ?? undefined);
  return url === undefined ? '' : urlParts(url);
}

function setUrlPart(text: string): string {
  const [href, part, value] = JSON.parse(text) as [string, string, string];
  const url = new URL(href);
  if ((URL_PARTS as readonly string[]).includes(part) && part !== 'origin') Reflect.set(url, part, value);
  return urlParts(url);
}

function hmac(text: string): string {
  const [algorithm = '', length = '', ...rest] = text.split(':');
  const bytes = Buffer.from(rest.join(':'), 'latin1');
  return createHmac(algorithm, bytes.subarray(0, Number(length)))
    .update(bytes.subarray(Number(length)))
    .digest()
    .toString('latin1');
}

function digest(text: string): string {
  const colon = text.indexOf(':');
  return createHash(text.slice(0, colon))
    .update(Buffer.from(text.slice(colon + 1), 'latin1'))
    .digest()
    .toString('latin1');
}

/** Node's encoders answer with a mark in front: `=` and the value, or `!`. */
function marked(convert: () => string): string {
  try {
    return `=${convert()}`;
  } catch {
    return '!';
  }
}

/** Platform services that the guest borrows from the host: pure functions of text. @returns undefined when the kind is not one of them */
export function hostService(kind: number, number: number, text: string): string | undefined {
  switch (kind) {
    case ASK.randomBytes:
      return randomBytes(Math.min(Math.max(0, number | 0), RANDOM_BYTES_MAX)).toString('latin1');
    case ASK.uuid:
      return randomUUID();
    case ASK.digest:
      return digest(text);
    case ASK.hmac:
      return hmac(text);
    case ASK.url:
      return newUrl(text);
    case ASK.urlSet:
      return setUrlPart(text);
    case ASK.queryParse:
      return JSON.stringify([...new URLSearchParams(text)]);
    case ASK.queryFormat:
      return new URLSearchParams(JSON.parse(text) as [string, string][]).toString();
    case ASK.atob:
      return marked(() => atob(text));
    case ASK.btoa:
      return marked(() => btoa(text));
    case ASK.utf8Encode:
      return Buffer.from(text, 'utf8').toString('latin1');
    case ASK.utf8Decode:
      return Buffer.from(text, 'latin1').toString('utf8');
    default:
      return undefined;
  }
}

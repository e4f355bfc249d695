// The globals of the sandbox, used in ways that hold with our types, the DOM's and Node's alike. Compiled by script-api.test.ts; nothing here runs.
// biome-ignore-all lint/suspicious/noConsole: the sandbox's console is one of them
import type {} from 'stressrun';

export async function globals(): Promise<unknown[]> {
  const url: URL = new URL('/x', 'http://localhost');
  const path: string = url.pathname;
  const query: URLSearchParams = new URLSearchParams([['a', 'b']]);
  for (const [name, value] of query) console.log(name, value);
  const first: string | null = url.searchParams.get('a');
  const timer = setTimeout((n: number) => console.warn(n), 5, 1);
  clearTimeout(timer);
  const again: ReturnType<typeof setInterval> = setInterval(() => {}, 1000);
  clearInterval(again);
  queueMicrotask(() => {});
  const bytes = new TextEncoder().encode('x');
  const text: string = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const id: string = crypto.randomUUID();
  const filled: Uint32Array = crypto.getRandomValues(new Uint32Array(2));
  const digest: ArrayBuffer = await crypto.subtle.digest('SHA-256', bytes);
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  const signature: ArrayBuffer = await crypto.subtle.sign('HMAC', key, bytes);
  const isValid: boolean = await crypto.subtle.verify('HMAC', key, signature, bytes);
  const base64: string = btoa(atob('eA=='));
  const now: number = performance.now();
  const copy: { a: number } = structuredClone({ a: 1 });
  return [path, first, text, id, filled, digest, isValid, base64, now, copy];
}

export function mistakes(): void {
  // @ts-expect-error: an address has no such part
  new URL('http://x').path;
  // @ts-expect-error: a text is no number
  const wrong: number = new TextDecoder().decode();
  // @ts-expect-error: it is given a text
  atob(5);
  // @ts-expect-error: a clone has the type of what is cloned
  const text: string = structuredClone({ a: wrong });
  // @ts-expect-error: milliseconds are a number
  const now: string = performance.now();
  // @ts-expect-error: a timer calls a function
  setTimeout(text.length + now.length, 5);
}

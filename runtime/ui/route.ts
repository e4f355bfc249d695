import { useEffect, useState } from 'preact/hooks';

/** Where the page is: `#/runs/ID?tab=logs`. */
export interface Route {
  /** Decoded, without empty ones: `['runs', 'ID']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads the part of an address from its `#` on; what cannot be decoded is taken as it is. */
export function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  return { parts: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

/** `#/runs/20261122-141537-predict` for links; parts are encoded, empty values left out. */
export function hashOf(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const text = given.size === 0 ? '' : `?${given.toString().replaceAll('%2C', ',')}`;
  return `#/${parts.map(encodeURIComponent).join('/')}${text}`;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return parseHash(hash);
}

export function goTo(hash: string): void {
  location.hash = hash;
}

/** Another query for the same place, without a step to go back over. */
export function replaceHash(hash: string): void {
  history.replaceState(null, '', hash);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

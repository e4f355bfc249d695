import { BlockList, isIP } from 'node:net';

/** What is asked without a proxy: entries as in NO_PROXY. */

const ENTRY = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^\s:/[\]]+))(?::(?<port>\d{1,5}))?$/;

/**
 * Whether an entry lets this server be asked without the proxy: `*` all; `name` it and the names below it; `.name` and `*.name` those below alone; an
 * address; a network such as `10.0.0.0/8`; all but `*` and networks also with a port.
 * @param host - name or address, without brackets
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy which k6 goes by
 */
export function bypassesProxy(entries: readonly string[], host: string, port: number): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return entries.some((entry) => entry === '*' || fits(entry.toLowerCase(), name, port));
}

/** Whether it is an entry that can fit anything. */
export function isBypassEntry(entry: string): boolean {
  return entry === '*' || networkOf(entry) !== undefined || isIP(entry) !== 0 || ENTRY.test(entry);
}

function fits(entry: string, name: string, port: number): boolean {
  const network = networkOf(entry);
  if (network !== undefined) return isIP(name) !== 0 && network.check(name, familyOf(name));
  const groups = isIP(entry) === 0 ? ENTRY.exec(entry)?.groups : { host: entry };
  if (groups === undefined || (groups['port'] !== undefined && Number(groups['port']) !== port)) return false;
  const host = groups['six'] ?? groups['host'] ?? '';
  if (isIP(host) !== 0 && isIP(name) !== 0) return sameAddress(host, name);
  const below = host.replace(/^\*?\./, '');
  return name.endsWith(`.${below}`) || (below === host && name === host);
}

function networkOf(entry: string): BlockList | undefined {
  const [base = '', prefix] = entry.split('/');
  if (prefix === undefined || isIP(base) === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > (isIP(base) === 6 ? 128 : 32))
    return undefined;
  const list = new BlockList();
  list.addSubnet(base, Number(prefix), familyOf(base));
  return list;
}

function sameAddress(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

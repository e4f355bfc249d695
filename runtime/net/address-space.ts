import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

const LINK_LOCAL = [ipaddr.parseCIDR('169.254.0.0/16'), ipaddr.parseCIDR('fe80::/10')];
/** Services of clouds that hand out credentials or settings, outside of the link-local ranges. */
const METADATA = [
  'fd00:ec2::254', // AWS: instance metadata over IPv6
  'fd00:ec2::23', // AWS: credentials of pods over IPv6
  'fd20:ce::254', // Google Cloud over IPv6
  '168.63.129.16', // Azure: the wire server
  '192.0.0.192', // Oracle Cloud
  'fd00:c1::a9fe:a9fe', // Oracle Cloud over IPv6
  '100.100.100.200', // Alibaba Cloud
  'fd00:42::42', // Scaleway over IPv6
].map((text) => ipaddr.parse(text).toString());
/** Ranges of ipaddr.js that lie inside of a machine or of somebody's network. */
const INTERNAL: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat', 'unspecified', 'linkLocal']);

/** The address without what hides it: an IPv4 one mapped into IPv6 comes out as IPv4, a zone (`%eth0`) is dropped. */
export function plainAddress(text: string): Address {
  return ipaddr.process(text.split('%')[0] as string);
}

/** Whether it is link-local or a metadata service, also when a gateway would translate it to one (NAT64, 6to4). */
export function isForbidden(address: Address): boolean {
  const inner = translated(address);
  if (inner !== undefined && isForbidden(inner)) return true;
  if (METADATA.includes(address.toString())) return true;
  return LINK_LOCAL.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

/** Whether it belongs to a machine itself or to a private network, also when a gateway would translate it to one that does. */
export function isInternal(address: Address): boolean {
  const inner = translated(address);
  return INTERNAL.has(address.range()) || (inner !== undefined && isInternal(inner));
}

/** The IPv4 address inside a NAT64 (RFC 6052) or 6to4 (RFC 3056) one. */
function translated(address: Address): Address | undefined {
  if (address.kind() !== 'ipv6') return undefined;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === 'rfc6052') return ipaddr.fromByteArray(bytes.slice(12));
  return range === '6to4' ? ipaddr.fromByteArray(bytes.slice(2, 6)) : undefined;
}

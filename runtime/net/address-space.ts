import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

const LINK_LOCAL = [ipaddr.parseCIDR('169.254.0.0/16'), ipaddr.parseCIDR('fe80::/10')];
/** Metadata services outside the link-local ranges: AWS over IPv6, and Alibaba Cloud. */
const METADATA = [ipaddr.parse('fd00:ec2::254'), ipaddr.parse('100.100.100.200')];

/** The address without what hides it: an IPv4 one mapped into IPv6 comes out as IPv4, a zone (`%eth0`) is dropped. */
export function plainAddress(text: string): Address {
  return ipaddr.process(text.split('%')[0] as string);
}

/** Whether it is link-local or a metadata service, also when a gateway would translate it to one (NAT64, 6to4). */
export function isForbidden(address: Address): boolean {
  const inner = translated(address);
  if (inner !== undefined && isForbidden(inner)) return true;
  if (METADATA.some((other) => other.toString() === address.toString())) return true;
  return LINK_LOCAL.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

/** The IPv4 address inside a NAT64 (RFC 6052) or 6to4 (RFC 3056) one. */
function translated(address: Address): Address | undefined {
  if (address.kind() !== 'ipv6') return undefined;
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === 'rfc6052') return ipaddr.fromByteArray(bytes.slice(12));
  return range === '6to4' ? ipaddr.fromByteArray(bytes.slice(2, 6)) : undefined;
}

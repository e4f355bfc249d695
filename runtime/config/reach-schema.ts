import { realpathSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { HostPlan, PlacePlan } from '../core/reach-plan.ts';
import { duration, oneOf, section, textField } from './schema-fields.ts';

/** How the servers of an environment are reached: `hosts` and `dns`. */

const NAME = 'a host name such as "api.example.com", "api.example.com:443" or "*.example.com"';
const PLACE = 'an address such as "10.0.0.5", "10.0.0.5:8443" or "[fd00::5]:8443", or a list of such';
const PORT_MAX = 65_535;
/** `nameOf` and `placeOf` are stricter. Addresses have no pattern in the JSON Schema: they may be variables. */
const NAME_FORM = /^(\*\.)?([\w-]+(?:\.[\w-]+)*)\.?(?::(\d{1,5}))?$/;
const PLACE_FORM = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$|^[\da-fA-F:.]+(?:%\w+)?$/;

const place = z
  .string({ error: PLACE })
  .regex(PLACE_FORM)
  .refine((text) => placeOf(text) !== undefined, { error: PLACE });
const hostName = z
  .string()
  .regex(NAME_FORM, { error: NAME })
  .refine((text) => nameOf(text) !== undefined, { error: NAME });

export const hostsSchema = z
  .record(hostName, z.union([place, z.array(place, { error: PLACE }).min(1, { error: PLACE })], { error: PLACE }), {
    error: 'a map of host names and addresses such as { api.example.com: 10.0.0.5 }',
  })
  .meta({
    description:
      'Names that stand for these addresses, as in /etc/hosts: host, host:port or *.host, to an address (with a port of its own), or to several that connections are spread over.',
  });

export const dnsSchema = section({
  ttl: duration('0s', '24h')
    .meta({
      description:
        'How long what a name resolves to is kept. Default 30s; 0s: each new connection asks. Connections that are kept stay where they are: keep_alive.max_age renews them.',
    })
    .optional(),
  select: oneOf('round_robin', 'first')
    .meta({
      description: 'round_robin: new connections take turns over the addresses of a name. first: all go to its first. Default round_robin.',
    })
    .optional(),
  family: oneOf('any', 'ipv4', 'ipv6', 'prefer_ipv4', 'prefer_ipv6')
    .meta({ description: 'Which addresses are used, or are used first. Default any: all, as the system orders them.' })
    .optional(),
}).meta({ description: 'How names are resolved.' });

/** Of `sun_path`, less the zero at its end. */
const SOCKET_BYTES_MAX = 107;
const SOCKET = `the path of a Unix socket, absolute or relative to config.yaml, of at most ${SOCKET_BYTES_MAX} bytes`;

export const unixSocketSchema = textField(SOCKET).meta({
  description: 'Unix socket that the server of base_url listens on; what is asked of base_url goes there, and to no port.',
});

/** Where a socket lies, symbolic links followed. @throws {ConfigError} for a path that no socket can have */
export function socketPathOf(text: string, { where, folder }: { where: string; folder: string }): string {
  const path = resolve(folder, text);
  const bytes = Buffer.byteLength(path);
  if (bytes > SOCKET_BYTES_MAX) throw new ConfigError(where, `expected ${SOCKET}; got ${path}, of ${bytes} bytes`);
  try {
    return realpathSync(path);
  } catch {
    return path; // its server may not have begun to listen
  }
}

/** What `hosts` says, as the plan has it. */
export function hostsOf(hosts: z.output<typeof hostsSchema>): HostPlan[] {
  return Object.entries(hosts).flatMap(([key, value]) => {
    const name = nameOf(key);
    const places = [value].flat().flatMap((text) => placeOf(text) ?? []);
    return name === undefined ? [] : [{ ...name, places }];
  });
}

function nameOf(text: string): Omit<HostPlan, 'places'> | undefined {
  const [, star, name = '', port] = NAME_FORM.exec(text) ?? [];
  if (name === '' || isIP(name) !== 0 || !isPort(port)) return undefined;
  return { name: name.toLowerCase(), isBelow: star !== undefined, ...(port === undefined ? {} : { port: Number(port) }) };
}

function placeOf(text: string): PlacePlan | undefined {
  if (isIP(text) !== 0) return { address: text };
  const [, six, four, port] = PLACE_FORM.exec(text) ?? [];
  const address = six ?? four ?? '';
  if (isIP(address) !== (six === undefined ? 4 : 6) || !isPort(port)) return undefined;
  return { address, ...(port === undefined ? {} : { port: Number(port) }) };
}

function isPort(text: string | undefined): boolean {
  return text === undefined || (Number(text) >= 1 && Number(text) <= PORT_MAX);
}

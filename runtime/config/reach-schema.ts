import { isIP } from 'node:net';
import { z } from 'zod';
import type { HostPlan, PlacePlan } from '../core/reach-plan.ts';
import { duration, oneOf, section } from './schema-fields.ts';

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

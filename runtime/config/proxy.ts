import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { bypassesProxy, isBypassEntry } from '../core/proxy-bypass.ts';
import type { ProxyPlan, ProxyServerPlan } from '../core/reach-plan.ts';
import { readUrl } from '../core/read-url.ts';
import { refuse, section, textField } from './schema-fields.ts';

type ProcessEnv = Readonly<Record<string, string | undefined>>;

/** That of the variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
const FROM_ENV = 'env';
const URL_SHAPE = 'the URL of an http proxy such as "http://proxy.example.com:3128"';
const PROXY = `${URL_SHAPE}, env, false, or { url, user, password, no_proxy }`;
const ENTRY = 'a host name, .name, an address or a network such as "10.0.0.0/8"';
/** As Go and k6 have it: what the variables say is not meant for the machine itself. */
const LOOPBACK = ['localhost', '127.0.0.0/8', '::1'];

const longForm = section({
  url: z.string({ error: URL_SHAPE }).refine((text) => serverOf(text) !== undefined, { error: URL_SHAPE }),
  user: textField('a user name').optional(),
  password: z.string({ error: 'a password' }).optional(),
  no_proxy: z
    .array(z.string({ error: ENTRY }).refine(isBypassEntry, { error: ENTRY }), { error: 'a list of hosts' })
    .meta({ description: 'Hosts that are asked without it, as in NO_PROXY.' })
    .optional(),
}).superRefine((value, context) => {
  if (value.password !== undefined && value.user === undefined) refuse(context, ['user'], 'expected a user beside the password; got none');
});

export const proxySchema = z
  .union([z.string().refine((text) => text === FROM_ENV || serverOf(text) !== undefined, { error: PROXY }), z.literal(false), longForm], {
    error: PROXY,
  })
  .meta({
    description:
      'The proxy that requests go through: its URL; env: HTTP_PROXY, HTTPS_PROXY and NO_PROXY say it; false: none, whatever those say. Default none, with a note where those say one.',
  });

export type ProxySetting = z.output<typeof proxySchema>;

/** @returns undefined when requests go straight to their servers @throws {ConfigError} for a variable that names no proxy */
export function proxyOf(setting: ProxySetting | undefined, processEnv: ProcessEnv): ProxyPlan | undefined {
  if (setting === undefined || setting === false) return undefined;
  if (setting === FROM_ENV) return proxyOfVariables(processEnv);
  const { url, user, password = '', no_proxy = [] } = typeof setting === 'string' ? { url: setting } : setting;
  const server = serverOf(url);
  if (server === undefined) return undefined;
  const both = user === undefined ? server : { ...server, auth: { kind: 'basic' as const, user, password } };
  return { http: both, https: both, bypass: no_proxy };
}

/** A word about variables that name a proxy for this URL while the environment says nothing of one; undefined: there is nothing to say. */
export function unusedProxyNote(setting: ProxySetting | undefined, baseUrl: string, processEnv: ProcessEnv): string | undefined {
  const url = readUrl(baseUrl);
  if (setting !== undefined || url === undefined) return undefined;
  const { protocol, hostname, port } = url;
  const variable = variableOf(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', processEnv);
  const host = hostname.replace(/^\[|\]$/g, '');
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  if (variable === undefined || bypassesProxy(bypassOf(processEnv), host, portNumber)) return undefined;
  return `${variable.name} is set and not used: requests go straight to the target. "proxy: ${FROM_ENV}" of the environment sends them through that proxy, "proxy: false" says that none is meant`;
}

function proxyOfVariables(processEnv: ProcessEnv): ProxyPlan | undefined {
  const [http, https] = (['HTTP_PROXY', 'HTTPS_PROXY'] as const).map((name) => {
    const variable = variableOf(name, processEnv);
    if (variable === undefined) return undefined;
    const server = serverOf(variable.value.includes('://') ? variable.value : `http://${variable.value}`);
    if (server === undefined) throw new ConfigError(variable.name, `expected ${URL_SHAPE}; got another text (not shown)`);
    return server;
  });
  if (http === undefined && https === undefined) return undefined;
  return { ...(http === undefined ? {} : { http }), ...(https === undefined ? {} : { https }), bypass: bypassOf(processEnv) };
}

function bypassOf(processEnv: ProcessEnv): string[] {
  const given = variableOf('NO_PROXY', processEnv)?.value.split(/[\s,]+/) ?? [];
  return [...given.filter((entry) => entry !== '' && isBypassEntry(entry)), ...LOOPBACK];
}

/** The variable in capitals, or in small letters; undefined when neither says anything. */
function variableOf(name: string, processEnv: ProcessEnv): { name: string; value: string } | undefined {
  for (const one of [name, name.toLowerCase()]) {
    const value = processEnv[one]?.trim() ?? '';
    if (value !== '') return { name: one, value };
  }
  return undefined;
}

function serverOf(text: string): ProxyServerPlan | undefined {
  const read = readUrl(text);
  if (read === undefined) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = read;
  if (protocol !== 'http:' || hostname === '' || pathname !== '/' || search !== '' || hash !== '') return undefined;
  const auth = { kind: 'basic' as const, user: decoded(username), password: decoded(password) };
  const url = `http://${hostname}:${port === '' ? 80 : port}`;
  return username === '' && password === '' ? { url } : { url, auth };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign
  }
}

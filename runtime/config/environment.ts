import * as zlib from 'node:zlib';
import { ConfigError } from '../core/errors.ts';
import type { AuthPlan, BodyEncoding, EnvironmentPlan, RequestRules } from '../core/plan.ts';
import type { DnsPlan, HttpClientName, KeepAlivePlan } from '../core/reach-plan.ts';
import { requireDurationUs } from '../core/units.ts';
import type { EnvironmentSettings } from './environment-schema.ts';
import { BODY_ENCODINGS, baseUrlProblem, environmentSchema, HTTP_CLIENTS, partOf } from './environment-schema.ts';
import type { RunFlags } from './flags.ts';
import { CONFIG_NAME, type LoadedConfig } from './load-config.ts';
import { parseSection } from './parse-section.ts';
import { errorOfProblems, gotText } from './problems.ts';
import { proxyOf, unusedProxyNote } from './proxy.ts';
import { hostsOf, socketPathOf } from './reach-schema.ts';
import { tlsOf } from './tls.ts';
import { unknownName } from './unknown-name.ts';
import { substitute } from './variables.ts';

/** As many streams as servers allow by default (RFC 9113, 6.5.2, recommends no fewer), on one connection, as browsers and Go do. */
const HTTP2_DEFAULTS = { streamsMax: 100, connectionsMax: 1 };
const TIMEOUT_US_DEFAULT = 60_000_000;
/** As curl and Go wait. */
const CONTINUE_US_DEFAULT = 1_000_000;
/** Name of the environment that is nothing but `--base-url`. */
const AD_HOC_NAME = 'base-url';
/** Goes before `http_client` of every environment: for whoever doubts a number, and for tests. */
const CLIENT_VARIABLE = 'STRESSRUN_HTTP_CLIENT';

/** Those that this Node has: zstd came with 22.15. */
export const AVAILABLE_ENCODINGS: readonly BodyEncoding[] = BODY_ENCODINGS.filter((name) => name !== 'zstd' || 'zstdCompress' in zlib);

interface EnvironmentInput {
  readonly flags: Pick<RunFlags, 'environment' | 'baseUrl'>;
  readonly config: LoadedConfig;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
}

/** The environment of a run: the one named, else `defaults`, else the only one, else `--base-url` alone. @throws {ConfigError} */
export function resolveEnvironment({ flags, config, processEnv }: EnvironmentInput): EnvironmentPlan {
  const baseUrl = flags.baseUrl === undefined ? undefined : checkedBaseUrl(flags.baseUrl);
  const name = selectedName(flags, config);
  const settings = name === undefined ? {} : settingsOf(name, config, processEnv);
  const proxy = proxyOf(settings.proxy, processEnv);
  const serverTimingHeaders = timingHeadersOf(settings.server_timing);
  const client = clientOf(settings, processEnv);
  return {
    name: name ?? AD_HOC_NAME,
    baseUrl: (baseUrl ?? settings.base_url ?? '').replace(/\/+$/, ''),
    target: baseUrl === undefined && settings.target === 'embedded' ? 'embedded' : 'remote',
    isProduction: settings.production ?? false,
    truth: settings.truth === 'shapes' ? 'shapes' : '',
    headers: settings.headers ?? {},
    auth: authOf(settings.auth),
    tls: tlsOf(settings.tls, { where: `environments.${name}.tls`, folder: config.folder }, processEnv['NODE_EXTRA_CA_CERTS']),
    timeoutUs: settings.timeout === undefined ? TIMEOUT_US_DEFAULT : requireDurationUs(`environments.${name}.timeout`, settings.timeout),
    allowHosts: settings.allow_hosts ?? [],
    ...(settings.hosts === undefined ? {} : { hosts: hostsOf(settings.hosts) }),
    ...(settings.dns === undefined ? {} : { dns: dnsOf(settings.dns, `environments.${name}.dns`) }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(settings.unix_socket === undefined || baseUrl !== undefined
      ? {}
      : { socketPath: socketPathOf(settings.unix_socket, { where: `environments.${name}.unix_socket`, folder: config.folder }) }),
    usersMax: settings.max_users,
    rpsMax: settings.max_rps,
    ...(settings.trace_headers === true ? { sendsTrace: true } : {}),
    ...requestRules(settings, { where: `environments.${name}`, client }),
    ...(settings.max_header_bytes === undefined ? {} : { headerBytesMax: settings.max_header_bytes }),
    ...(settings.max_body_bytes === undefined ? {} : { bodyBytesMax: settings.max_body_bytes }),
    ...(settings.keep_alive === undefined ? {} : { keepAlive: keepAliveOf(settings.keep_alive, `environments.${name}.keep_alive`) }),
    ...(client === 'undici' ? { httpClient: 'undici' } : {}),
    ...http2Of(settings, client, `environments.${name}`),
    ...(serverTimingHeaders === undefined ? {} : { serverTimingHeaders }),
    ...(settings.secrets === undefined ? {} : { secrets: Object.entries(settings.secrets).map(([key, value]) => ({ name: key, value })) }),
  };
}

/** What holds for all requests of the environment; none: no rules at all. @throws {ConfigError} where undici cannot do what is asked for */
function requestRules(
  { discard, compression = 'none', expect_continue: asked, headers = {} }: EnvironmentSettings | Record<string, never>,
  { where, client }: { where: string; client: HttpClientName },
): Pick<EnvironmentPlan, 'requests'> {
  const continueUs =
    typeof asked === 'string' ? requireDurationUs(`${where}.expect_continue`, asked) : asked === true ? CONTINUE_US_DEFAULT : 0;
  const header = Object.keys(headers).find((key) => key.toLowerCase() === 'expect');
  if (client === 'undici' && (continueUs > 0 || header !== undefined))
    throw new ConfigError(
      `${where}.${continueUs > 0 ? 'expect_continue' : `headers.${header}`}`,
      'expected none with http_client: undici, which cannot wait for an answer 100',
    );
  const requests: RequestRules = {
    ...(discard === undefined ? {} : { discardsBodies: discard }),
    ...(continueUs === 0 ? {} : { continueUs }),
    ...(compression === 'none' ? {} : { encoding: availableEncoding(compression, where) }),
  };
  return Object.keys(requests).length === 0 ? {} : { requests };
}

function availableEncoding(name: BodyEncoding, where: string): BodyEncoding {
  if (AVAILABLE_ENCODINGS.includes(name)) return name;
  throw new ConfigError(
    `${where}.compression`,
    `expected one of ${AVAILABLE_ENCODINGS.join(', ')}: ${name} needs Node 22.15 or newer; this is ${process.version}`,
  );
}

function keepAliveOf({ max_idle, max_age, reuse }: NonNullable<EnvironmentSettings['keep_alive']>, where: string): KeepAlivePlan {
  return {
    reuses: reuse ?? true,
    ...(max_idle === undefined ? {} : { idleUsMax: requireDurationUs(`${where}.max_idle`, max_idle) }),
    ...(max_age === undefined ? {} : { ageUsMax: requireDurationUs(`${where}.max_age`, max_age) }),
  };
}

function dnsOf({ ttl, select, family }: NonNullable<EnvironmentSettings['dns']>, where: string): DnsPlan {
  return {
    ...(ttl === undefined ? {} : { ttlUs: requireDurationUs(`${where}.ttl`, ttl) }),
    ...(select === 'first' ? { takesFirst: true } : {}),
    ...(family === undefined ? {} : { family }),
  };
}

function http2Of(
  settings: Pick<EnvironmentSettings, 'http_version' | 'http2'>,
  client: HttpClientName,
  where: string,
): Pick<EnvironmentPlan, 'http2'> {
  const { http_version = 1.1, http2 } = settings;
  if (http_version !== 2) {
    if (http2 === undefined) return {};
    throw new ConfigError(`${where}.http2`, `expected http_version: 2 beside it; got http_version ${http_version}`);
  }
  if (client === 'undici')
    throw new ConfigError(`${where}.http_version`, 'expected 1.1 with http_client undici; got 2', {
      hint: 'undici is the second opinion on HTTP/1.1; HTTP/2 is spoken by our own client',
    });
  const { streamsMax, connectionsMax } = HTTP2_DEFAULTS;
  return { http2: { streamsMax: http2?.streams ?? streamsMax, connectionsMax: http2?.connections ?? connectionsMax } };
}

function clientOf(settings: Pick<EnvironmentSettings, 'http_client'>, processEnv: EnvironmentInput['processEnv']): HttpClientName {
  const text = processEnv[CLIENT_VARIABLE] ?? '';
  const known = HTTP_CLIENTS.find((name) => name === text);
  if (text !== '' && known === undefined)
    throw new ConfigError(CLIENT_VARIABLE, `expected one of ${HTTP_CLIENTS.join(', ')}; got ${JSON.stringify(text)}`);
  return known ?? settings.http_client ?? 'own';
}

/** What is to be said of an environment besides its plan. */
export function environmentNotes(
  { name, baseUrl, target }: EnvironmentPlan,
  config: LoadedConfig,
  processEnv: EnvironmentInput['processEnv'],
): string[] {
  if (target === 'embedded') return [];
  const setting = name in config.environments ? settingsOf(name, config, processEnv).proxy : undefined;
  return [unusedProxyNote(setting, baseUrl, processEnv) ?? []].flat();
}

/** What scripts see as `env`: the environment's secrets and `-e KEY=VALUE`. */
export function scriptVariables(
  { secrets = [] }: Pick<EnvironmentPlan, 'secrets'>,
  flags: Pick<RunFlags, 'variables'>,
): Record<string, string> {
  return { ...Object.fromEntries(secrets.map(({ name, value }) => [name, value])), ...flags.variables };
}

/** Part to header in lower case; undefined when none is configured (`true` is what is done in any case). */
function timingHeadersOf(setting: EnvironmentSettings['server_timing']): Record<string, string> | undefined {
  if (typeof setting !== 'object') return undefined;
  const pairs = Array.isArray(setting)
    ? setting.map((header): [string, string] => [partOf(header), header.toLowerCase()])
    : Object.entries(setting).map(([part, header]): [string, string] => [part, header.toLowerCase()]);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function selectedName(flags: EnvironmentInput['flags'], config: LoadedConfig): string | undefined {
  const known = Object.keys(config.environments);
  const hint =
    config.path === undefined ? `no ${CONFIG_NAME} was found: these are the built-in ones` : `environments are in ${config.path}`;
  if (flags.environment !== undefined) {
    if (!Object.hasOwn(config.environments, flags.environment))
      throw unknownName('--env', flags.environment, { kind: 'an environment', known, hint });
    return flags.environment;
  }
  const byDefault = config.settings.defaults?.environment;
  if (byDefault !== undefined) {
    if (!known.includes(byDefault)) throw unknownName('defaults.environment', byDefault, { kind: 'an environment', known, hint });
    return byDefault;
  }
  if (config.path === undefined) return flags.baseUrl === undefined ? 'local' : undefined;
  if (known.length === 1) return known[0];
  if (flags.baseUrl !== undefined) return undefined;
  if (known.length === 0)
    throw new ConfigError('--env', 'expected an environment; got none, and the configuration has none', {
      hint: `give --base-url, or add environments to ${config.path}`,
    });
  throw new ConfigError('--env', `expected an environment, one of ${known.join(', ')}; got none`, {
    hint: `name one with --env, or set defaults.environment in ${config.path}`,
  });
}

function settingsOf(name: string, config: LoadedConfig, processEnv: EnvironmentInput['processEnv']): EnvironmentSettings {
  const parsed = parseSection(environmentSchema, substitute(config.environments[name], processEnv));
  if (parsed.kind === 'ok') return parsed.settings;
  throw errorOfProblems(parsed.problems, { root: ['environments', name], file: config.path ?? CONFIG_NAME, lineOf: config.lineOf });
}

function checkedBaseUrl(text: string): string {
  const problem = baseUrlProblem(text);
  if (problem !== undefined) throw new ConfigError('--base-url', `expected ${problem}; got ${gotText(text)}`);
  return text;
}

function authOf(auth: EnvironmentSettings['auth']): AuthPlan | undefined {
  if (auth?.basic !== undefined) return { kind: 'basic', user: auth.basic.user, password: auth.basic.password };
  if (auth?.bearer !== undefined) return { kind: 'bearer', token: auth.bearer };
  return undefined;
}

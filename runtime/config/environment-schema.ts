import { z } from 'zod';
import { firstUnsendable, isHeaderName, isHeaderValue, isReplaced } from '../core/header-rules.ts';
import { readUrl } from '../core/read-url.ts';
import { proxySchema } from './proxy.ts';
import { dnsSchema, hostsSchema, unixSocketSchema } from './reach-schema.ts';
import {
  booleanField,
  duration,
  durationText,
  oneOf,
  positiveNumber,
  refuse,
  section,
  textField,
  textMap,
  usersField,
  wholeNumber,
} from './schema-fields.ts';
import { tlsSchema } from './tls-schema.ts';

/** What is wrong with a base URL; undefined when it can be used. */
export function baseUrlProblem(text: string): string | undefined {
  const url = readUrl(text);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || !/^https?:\/\//i.test(text))
    return 'an absolute http or https URL, such as http://localhost:8000';
  if (url.username !== '' || url.password !== '') return 'a URL without user and password (they go into auth)';
  if (url.search !== '' || url.hash !== '') return 'a URL without "?" and "#"';
  return undefined;
}

const baseUrl = z
  .string({ error: 'an absolute http or https URL, such as http://localhost:8000' })
  .refine((text) => baseUrlProblem(text) === undefined, { error: (issue) => baseUrlProblem(String(issue.input)) ?? '' })
  .meta({ description: 'Where paths of the scripts are resolved against.' });

const SENDABLE = 'expected a value of Latin-1 without line breaks and control characters';
const OUR_OWN = 'expected no such header: stressrun says itself how a request is delimited and what becomes of its connection (keep_alive)';

const auth = section({
  basic: section({ user: textField('a user name'), password: z.string({ error: 'a password' }) }).optional(),
  bearer: textField('a token').optional(),
}).superRefine((value, context) => {
  if (value.bearer !== undefined && !isHeaderValue(value.bearer))
    refuse(context, ['bearer'], `${SENDABLE}; got ${firstUnsendable(value.bearer)}`);
  if ((value.basic === undefined) === (value.bearer === undefined)) refuse(context, [], 'expected exactly one of basic and bearer');
});

/** What cannot be sent would be a failure of the target with each request. */
const headers = textMap('a map of headers').superRefine((value, context) => {
  for (const [name, text] of Object.entries(value)) {
    if (!isHeaderName(name)) refuse(context, [name], 'expected a name of letters, digits and signs such as "-"');
    else if (!isHeaderValue(text)) refuse(context, [name], `${SENDABLE}; got ${firstUnsendable(text)}`);
    else if (isReplaced(name.toLowerCase(), text)) refuse(context, [name], OUR_OWN);
  }
});

const CONTINUE = `true, false or ${durationText('1ms', '1h')}`;
const HEADER = 'the name of a response header, such as x-queue-ms';
const headerName = z.string({ error: HEADER }).regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/);
const PART = 'a part of the work, such as queue, of at most 64 letters, digits, "_", "-" and "."';
const serverTiming = z
  .union([booleanField, z.array(headerName), z.record(z.string().regex(/^[\w.-]{1,64}$/, { error: PART }), headerName)], {
    error: 'a map of parts and headers such as { queue: x-queue-ms }, or a list of headers such as [x-queue-ms]',
  })
  .superRefine((value, context) => {
    if (!Array.isArray(value)) return;
    const parts = value.map(partOf);
    const again = parts.findIndex((part, i) => parts.indexOf(part) < i);
    if (again >= 0)
      refuse(context, [again], `expected headers of different parts; got ${JSON.stringify(parts[again])} twice: name the parts in a map`);
  });

/** The part that a header is about: `x-queue-ms` is `queue`. */
export function partOf(header: string): string {
  const part = header
    .toLowerCase()
    .replace(/^x-/, '')
    .replace(/(?:[-_](?:ms|millis|time|timing|duration|latency))+$/, '');
  return part.replace(/[^\w.-]/g, '_').slice(0, 64);
}

/** What sends the requests: the client of our own, or undici. */
export const HTTP_CLIENTS = ['own', 'undici'] as const;

/** How the body of a request may be compressed; `none`: as it is. */
export const BODY_ENCODINGS = ['gzip', 'deflate', 'br', 'zstd'] as const;

/** One entry of `environments`. */
export const environmentSchema = section({
  base_url: baseUrl.optional(),
  target: oneOf('remote', 'embedded').meta({ description: 'embedded starts the built-in inference server.' }).optional(),
  truth: oneOf('none', 'shapes').meta({ description: 'shapes: answers can be checked against what is in the pictures.' }).optional(),
  production: booleanField.meta({ description: 'Runs need --allow-production NAME.' }).optional(),
  max_users: usersField.meta({ description: 'Most users of any run against it.' }).optional(),
  max_rps: positiveNumber('requests a second', 10_000_000)
    .meta({ description: 'Most requests a second of any run against it.' })
    .optional(),
  headers: headers.optional(),
  auth: auth.optional(),
  tls: tlsSchema.optional(),
  timeout: duration('1ms', '1h').meta({ description: 'Of one request. Default 60s.' }).optional(),
  secrets: textMap('a map of names and texts').meta({ description: 'Variables of the script that are never printed.' }).optional(),
  allow_hosts: z
    .array(textField('a host, host:port, *.host, an address or a CIDR'), { error: 'a list of hosts' })
    .meta({ description: 'Hosts that scripts may reach besides that of base_url.' })
    .optional(),
  discard: booleanField
    .meta({
      description:
        'true: bodies of answers are counted and not kept, however large; `discard: false` of a request keeps one. Default false.',
    })
    .optional(),
  hosts: hostsSchema.optional(),
  dns: dnsSchema.optional(),
  proxy: proxySchema.optional(),
  unix_socket: unixSocketSchema.optional(),
  compression: oneOf('none', ...BODY_ENCODINGS)
    .meta({ description: 'How bodies of requests are compressed. zstd needs Node 22.15. Default none.' })
    .optional(),
  expect_continue: z
    .union([booleanField, duration('1ms', '1h')], { error: CONTINUE })
    .meta({
      description:
        'Bodies of requests wait for an answer 100, or a refusal, so long (true: 1s), and are then sent all the same. Default false.',
    })
    .optional(),
  trace_headers: booleanField.meta({ description: 'Sends traceparent with every request. Default false.' }).optional(),
  http_client: oneOf(...HTTP_CLIENTS)
    .meta({
      description:
        'What sends the requests: the client of our own (HTTP/1.1), or undici as a second opinion. STRESSRUN_HTTP_CLIENT goes before it. Default own.',
    })
    .optional(),
  http_version: z
    .union([z.literal(1.1), z.literal(2)], { error: '1.1 or 2' })
    .meta({
      description: 'Which HTTP is spoken. 2: by ALPN over https, and without asking over http; http_client is our own then. Default 1.1.',
    })
    .optional(),
  http2: section({
    streams: wholeNumber('streams of a connection', 1, 1_000)
      .meta({ description: 'At the same time, of each user; fewer where the server allows fewer. Default 100.' })
      .optional(),
    connections: wholeNumber('connections of a user', 1, 100)
      .meta({ description: 'Of each user to one server; streams are spread over them. Default 1.' })
      .optional(),
  })
    .meta({ description: 'How HTTP/2 is spoken (http_version: 2).' })
    .optional(),
  keep_alive: section({
    max_idle: duration('100ms', '1h')
      .meta({
        description: 'How long a connection may be idle; less than what the server allows. Default 90s, or what the server announces.',
      })
      .optional(),
    max_age: duration('100ms', '24h')
      .meta({ description: 'How old a connection may be that is given another request. Default: any age.' })
      .optional(),
    reuse: booleanField.meta({ description: 'false: each request has a connection of its own. Default true.' }).optional(),
  })
    .meta({ description: 'Which connections a user keeps for its next requests.' })
    .optional(),
  max_header_bytes: wholeNumber('bytes', 1024, 16_777_216)
    .meta({ description: 'Of the head of an answer: its status line and headers together. Default 65536.' })
    .optional(),
  max_body_bytes: wholeNumber('bytes', 1024, 536_870_912)
    .meta({ description: 'Of the body of an answer that is kept, decoded; with discard there is no limit. Default 67108864.' })
    .optional(),
  server_timing: serverTiming
    .meta({ description: 'Response headers that say how many ms a part took, by part. Server-Timing is read in any case.' })
    .optional(),
}).superRefine((value, context) => {
  if (value.http_version === 2 && value.tls?.alpn === false)
    refuse(context, ['tls', 'alpn'], 'expected true beside http_version: 2, which the handshake has to settle on; got false');
  if (value.target === 'embedded' && value.base_url !== undefined)
    refuse(context, ['base_url'], 'expected no base_url beside target: embedded, whose address is known when it has started');
  if (value.target === 'embedded' && value.proxy !== undefined && value.proxy !== false)
    refuse(context, ['proxy'], 'expected no proxy beside target: embedded, which is on this machine');
  if (value.unix_socket !== undefined && (value.target === 'embedded' || (value.proxy !== undefined && value.proxy !== false)))
    refuse(context, ['unix_socket'], 'expected no socket beside target: embedded or a proxy; got one');
  if (value.target !== 'embedded' && value.base_url === undefined)
    refuse(context, ['base_url'], 'expected an absolute http or https URL, or target: embedded; got nothing');
});

/** An environment as written, variables filled in. */
export type EnvironmentSettings = z.output<typeof environmentSchema>;

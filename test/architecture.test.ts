import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

/** Where code of a room runs: a script's sandbox in a worker, a worker process, the coordinator, a browser, or wherever it is needed. */
type Side = 'guest' | 'worker' | 'coordinator' | 'browser' | 'any';

/** Room → where it runs, and the rooms it may import; what is not listed is forbidden. */
const ROOMS: Record<string, { side: Side; imports: string[] }> = {
  core: { side: 'any', imports: [] },
  // what a picture is, without the library that draws one
  picture: { side: 'any', imports: ['core'] },
  messages: { side: 'any', imports: ['core'] },
  // what the coordinator and the pages say to each other
  views: { side: 'any', imports: ['core'] },
  // the coordinator asks the target for its health with it
  net: { side: 'any', imports: ['core'] },

  guest: { side: 'guest', imports: ['core', 'picture'] },

  sandbox: { side: 'worker', imports: ['core'] },
  measure: { side: 'worker', imports: ['core', 'net', 'engine'] },
  engine: { side: 'worker', imports: ['core'] },
  // bodies of answers as events with their moments
  stream: { side: 'worker', imports: ['core', 'net'] },
  worker: { side: 'worker', imports: ['core', 'picture', 'messages', 'net', 'stream', 'sandbox', 'measure', 'engine'] },

  config: { side: 'coordinator', imports: ['core'] },
  bundle: { side: 'coordinator', imports: ['core'] },
  image: { side: 'coordinator', imports: ['core', 'picture'] },
  record: { side: 'coordinator', imports: ['core', 'messages'] },
  monitor: { side: 'coordinator', imports: ['core'] },
  // pure functions of counts and sums
  statistics: { side: 'coordinator', imports: ['core'] },
  verdict: { side: 'coordinator', imports: ['core', 'record', 'statistics'] },
  comparison: { side: 'coordinator', imports: ['core', 'record', 'statistics'] },
  report: { side: 'coordinator', imports: ['core', 'views', 'record', 'verdict'] },
  history: { side: 'coordinator', imports: ['core', 'views', 'record', 'verdict', 'statistics', 'comparison'] },
  cluster: { side: 'coordinator', imports: ['core', 'messages', 'record'] },
  // workers of other machines: a bus over NATS, and the process that lends its machine
  agents: { side: 'coordinator', imports: ['core', 'messages', 'cluster'] },
  target: { side: 'coordinator', imports: ['core', 'picture', 'image'] },
  // live outputs: fed with merged deltas once a second
  outputs: { side: 'coordinator', imports: ['core', 'record'] },
  server: { side: 'coordinator', imports: ['core', 'views', 'config', 'record', 'verdict', 'report', 'history'] },
  run: {
    side: 'coordinator',
    imports: [
      ...['core', 'picture', 'messages', 'views', 'net', 'config', 'bundle', 'image', 'record', 'monitor', 'verdict', 'report', 'history'],
      ...['cluster', 'agents', 'outputs', 'target'],
    ],
  },
  commands: {
    side: 'coordinator',
    imports: [
      ...[
        'core',
        'picture',
        'messages',
        'views',
        'config',
        'bundle',
        'image',
        'record',
        'monitor',
        'comparison',
        'report',
        'history',
        'target',
        'outputs',
        'server',
        'agents',
      ],
      'run',
    ],
  },
  cli: { side: 'coordinator', imports: ['core', 'config', 'monitor', 'verdict', 'report', 'commands', 'run'] },
  'main.ts': { side: 'coordinator', imports: ['cli'] },

  // what both kinds of page have in common
  page: { side: 'browser', imports: ['core'] },
  ui: { side: 'browser', imports: ['core', 'views', 'page'] },
  'report-page': { side: 'browser', imports: ['core', 'views', 'page'] },
};

/** Package → the one room that imports it. One that is not listed here or below is forbidden. */
const OWNER: Record<string, string> = {
  'fastest-levenshtein': 'core',
  yaml: 'config',
  'csv-parse/sync': 'config',
  esbuild: 'bundle',
  typescript: 'bundle',
  '@jridgewell/trace-mapping': 'bundle',
  '@babel/code-frame': 'bundle',
  vm2: 'sandbox',
  '@nats-io/transport-node': 'agents',
  undici: 'net',
  'tough-cookie': 'net',
  'ipaddr.js': 'net',
  sharp: 'image',
  tinyglobby: 'image',
  'hdr-histogram-js': 'record',
  '@fastify/busboy': 'target',
  'string-width': 'report',
  hono: 'server',
  'hono/body-limit': 'server',
  'hono/cookie': 'server',
  'hono/streaming': 'server',
  'hono/utils/http-status': 'server',
  'hono/utils/url': 'server',
  '@hono/node-server': 'server',
  '@opentelemetry/sdk-metrics': 'outputs',
  '@opentelemetry/resources': 'outputs',
  '@opentelemetry/exporter-metrics-otlp-http': 'outputs',
  'log-update': 'cli',
  yargs: 'cli',
  preact: 'ui',
  'preact/hooks': 'ui',
};

/** Packages of several rooms: zod stands at every door, uPlot draws in both kinds of page. */
const SHARED: Record<string, string[]> = {
  zod: ['core', 'views', 'config', 'record', 'history', 'cluster', 'agents', 'server'],
  uplot: ['page', 'report-page'],
  // itself, in texts of scripts
  stressrun: ['bundle', 'guest'],
};

const RUNTIME = resolve(import.meta.dirname, '../runtime');
const folderOf = (path: string): string => relative(RUNTIME, path).split(sep)[0] ?? '';
const files = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

/** What a file imports, types too: paths below runtime/ and names of packages. */
function importsOf(name: string): { files: string[]; packages: string[] } {
  const source = readFileSync(join(RUNTIME, name), 'utf8');
  const found = [...source.matchAll(/(?:from|import) \(?'([^']+)'/g), ...source.matchAll(/\bimport\('([^']+)'\)/g)].map(
    (match) => match[1] ?? '',
  );
  const isOurs = (target: string): boolean => target.startsWith('.');
  return {
    files: found.filter(isOurs).map((target) => relative(RUNTIME, resolve(RUNTIME, dirname(name), target))),
    packages: found.filter((target) => !isOurs(target) && !target.startsWith('node:')),
  };
}
const imports = new Map(files.map((name) => [name, importsOf(name)]));
const sideOf = (name: string): Side | undefined => ROOMS[folderOf(join(RUNTIME, name))]?.side;

test.each(files)('%s imports only inward, and no package that is another room’s', (name) => {
  const folder = folderOf(join(RUNTIME, name));
  const { files: ours, packages } = imports.get(name) as ReturnType<typeof importsOf>;
  const outward = ours.filter((target) => {
    const to = folderOf(join(RUNTIME, target));
    return to !== folder && !ROOMS[folder]?.imports.includes(to);
  });
  expect([...outward, ...packages.filter((each) => OWNER[each] !== folder && !SHARED[each]?.includes(folder))]).toEqual([]);
});

test.each(Object.entries(ROOMS))('%s imports rooms of its own side, or of any', (_, { side, imports: rooms }) => {
  expect(rooms.filter((room) => ![side, 'any'].includes(ROOMS[room]?.side as Side))).toEqual([]);
});

test('every file of the runtime is in a room whose side is known', () => {
  expect(files.filter((name) => sideOf(name) === undefined)).toEqual([]);
});

test('no file imports itself by way of others, types included; the declarations for users are one text in several files', () => {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const walk = (name: string, path: string[]): void => {
    if (name.endsWith('.d.ts')) return;
    const at = path.indexOf(name);
    if (at >= 0) cycles.push([...path.slice(at), name]);
    if (at >= 0 || done.has(name)) return;
    for (const next of imports.get(name)?.files ?? []) walk(next, [...path, name]);
    done.add(name);
  };
  for (const name of files) walk(name, []);
  expect(cycles).toEqual([]);
});

test('core/roles.ts alone names the metrics of requests: guest types and texts for people aside, everyone else asks it', () => {
  const naming = files.filter((name) => !name.startsWith('guest/') && readFileSync(join(RUNTIME, name), 'utf8').includes('http_req_'));
  expect(naming).toEqual(['core/roles.ts']);
});

test('what workers send is read in one room: workers make deltas, messages carry them, and everyone else takes the seconds of the ledger', () => {
  const reading = files.filter((name) => /\bSeriesDelta\b/.test(readFileSync(join(RUNTIME, name), 'utf8')));
  expect([...new Set(reading.map((name) => folderOf(join(RUNTIME, name))))].sort()).toEqual(['core', 'measure', 'messages', 'record']);
});

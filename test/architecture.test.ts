import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

/** Folder → folders it may import; what is not listed is forbidden. */
const MAY_IMPORT: Record<string, string[]> = {
  core: [],
  config: ['core'],
  bundle: ['core'],
  net: ['core'],
  image: ['core'],
  metrics: ['core'],
  // image: what is in a picture that is drawn when it is used (scene.ts, pure; sharp would not bundle for the sandbox)
  guest: ['core', 'image'],
  sandbox: ['core'],
  engine: ['core', 'config', 'metrics'],
  monitor: ['core', 'metrics'],
  verdict: ['core', 'metrics'],
  report: ['core', 'metrics', 'verdict'],
  history: ['core', 'metrics', 'verdict'],
  cluster: ['core', 'config', 'metrics'],
  target: ['core', 'image'],
  // live outputs: fed with merged deltas once a second
  outputs: ['core', 'metrics'],
  server: ['core', 'config', 'metrics', 'verdict', 'report', 'history'],
  // the pages: types of the API and of run.json only
  ui: ['core', 'server'],
  run: [
    'core',
    'config',
    'bundle',
    'net',
    'image',
    'metrics',
    'guest',
    'sandbox',
    'engine',
    'monitor',
    'verdict',
    'report',
    'history',
    'cluster',
    'target',
    'outputs',
    // ui-backend.ts: what the server is handed
    'server',
  ],
  cli: [
    'run',
    'server',
    'outputs',
    'core',
    'config',
    'bundle',
    'net',
    'image',
    'metrics',
    'engine',
    'monitor',
    'verdict',
    'report',
    'history',
    'cluster',
    'target',
  ],
  'main.ts': ['cli'],
};

/** Package → the one folder that imports it. zod stands at every door. */
const OWNER: Record<string, string> = {
  yaml: 'config',
  'csv-parse/sync': 'config',
  esbuild: 'bundle',
  '@jridgewell/trace-mapping': 'bundle',
  '@babel/code-frame': 'bundle',
  vm2: 'sandbox',
  undici: 'net',
  'tough-cookie': 'net',
  'ipaddr.js': 'net',
  sharp: 'image',
  tinyglobby: 'image',
  'hdr-histogram-js': 'metrics',
  '@fastify/busboy': 'target',
  table: 'report',
  xmlbuilder2: 'report',
  hono: 'server',
  '@hono/node-server': 'server',
  'prom-client': 'outputs',
  influx: 'outputs',
  'prometheus-remote-write': 'outputs',
  '@opentelemetry/sdk-metrics': 'outputs',
  '@opentelemetry/resources': 'outputs',
  '@opentelemetry/exporter-metrics-otlp-http': 'outputs',
  'log-update': 'cli',
  yargs: 'cli',
  preact: 'ui',
  'preact/hooks': 'ui',
};

const RUNTIME = resolve(import.meta.dirname, '../runtime');
const folderOf = (path: string): string => relative(RUNTIME, path).split(sep)[0] ?? '';
const files = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

test.each(files)('%s imports only inward', (name) => {
  const folder = folderOf(join(RUNTIME, name));
  const source = readFileSync(join(RUNTIME, name), 'utf8');
  const imports = [...source.matchAll(/(?:from|import) \(?'([^']+)'/g), ...source.matchAll(/\bimport\('([^']+)'\)/g)].map(
    (match) => match[1] ?? '',
  );

  const breaches = imports.filter((target) => {
    if (!target.startsWith('.')) return OWNER[target] !== undefined && OWNER[target] !== folder;
    const to = folderOf(resolve(RUNTIME, dirname(name), target));
    return to !== folder && !MAY_IMPORT[folder]?.includes(to);
  });
  expect(breaches).toEqual([]);
});

test('core/roles.ts alone names the metrics of requests: guest types and texts for people aside, everyone else asks it', () => {
  const naming = files.filter((name) => !name.startsWith('guest/') && readFileSync(join(RUNTIME, name), 'utf8').includes('http_req_'));
  expect(naming).toEqual(['core/roles.ts']);
});

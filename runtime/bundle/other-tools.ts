/** Modules of k6 → what has the same here. */
const K6_MODULES: Readonly<Record<string, string>> = {
  k6: "import { check, sleep, group, fail } from 'stressrun': the same, with await before sleep",
  'k6/http':
    "import { http } from 'stressrun': await http.get(url, { … }), and http.post(url, body, params) is await http.post(url, { body, headers, tags, … })",
  'k6/metrics': "import { metrics } from 'stressrun': new Trend('x') is metrics.trend('x'), and so counter, gauge and rate",
  'k6/data': "import { data } from 'stressrun': a SharedArray is data.json('rows.json') or data.csv('rows.csv'), read once for all users",
  'k6/execution': "import { scenario, test, vu } from 'stressrun': vu.id, vu.iteration, scenario.iterationInTest, test.abort()",
  'k6/encoding': 'atob() and btoa() are globals',
  'k6/crypto': 'crypto is a global: crypto.subtle.digest(), crypto.randomUUID()',
  'k6/html': 'there is no HTML parser; an npm package such as node-html-parser can be imported',
  'k6/experimental/fs': "import { data, image } from 'stressrun': files are read at module level",
};

const ONLY_HTTP = 'there is nothing of the kind here: stressrun tests HTTP/1.1';

/** Modules of https://jslib.k6.io by the first part of their path → what has the same here. */
const JSLIB: Readonly<Record<string, string>> = {
  'k6-summary':
    'the summary is printed in any case; handleSummary(data) may write files of its own beside it, and --summary-export is as in k6',
  'k6-utils':
    "random of 'stressrun' (random.integer(), random.item()) repeats with the seed; crypto.randomUUID() is a global, wait('1s', '3s') a random pause",
  papaparse: "import { data } from 'stressrun': data.csv('rows.csv') reads a file at module level, for all users once",
  url: 'URL and URLSearchParams are globals',
  httpx: "import { http } from 'stressrun': base_url and headers of all requests are an environment's in config.yaml",
  k6chaijs: "import { check } from 'stressrun'; expect: (r) => … of a request makes a wrong answer a failed one",
  expect: "import { check } from 'stressrun'; expect: (r) => … of a request makes a wrong answer a failed one",
  'http-instrumentation-tempo': 'trace_headers: true of an environment in config.yaml',
  ajv: 'npm install ajv in your repository, and import that',
  formdata: "multipart: { file: photo, name: 'x' } of a request",
  totp: 'npm install a package for it (such as otpauth), and import that',
  aws: 'npm install a package that signs requests (such as aws4fetch), and import that',
};

/** What to write instead of an import of k6's library by URL; undefined for any other address. */
export function insteadOfJslib(url: string): string | undefined {
  const name = /^https?:\/\/jslib\.k6\.io\/([^/]+)/.exec(url)?.[1];
  if (name === undefined) return undefined;
  return Object.hasOwn(JSLIB, name) ? JSLIB[name] : undefined;
}

/** What to write instead of an import of k6. */
export function insteadOfK6(name: string): string {
  if (/^k6\/(?:ws|net|browser|experimental\/(?:websockets|browser|redis|streams))/.test(name)) return ONLY_HTTP;
  const known = Object.hasOwn(K6_MODULES, name) ? K6_MODULES[name] : undefined;
  return known ?? "import { http, check, sleep, group } from 'stressrun' instead: k6's names, with await";
}

/** Names that k6 and Locust have → what is imported from 'stressrun' for it. */
const NAMES: Readonly<Record<string, string>> = {
  Trend: "metrics.trend('name')",
  Counter: "metrics.counter('name')",
  Gauge: "metrics.gauge('name')",
  Rate: "metrics.rate('name')",
  SharedArray: "data.json('rows.json') or data.csv('rows.csv')",
  textSummary: 'the summary that is printed in any case; handleSummary(data) may write files of its own',
  open: 'data.csv(), data.json() or image.file()',
  randomSeed: '--seed N; random repeats with it',
  exec: 'vu, scenario and test',
  HttpUser: 'the default function, or mix({ task: async () => … }, { task: 1 }) for tasks with weights',
  FastHttpUser: 'the default function, or mix({ task: async () => … }, { task: 1 }) for tasks with weights',
  User: 'the default function, or mix({ task: async () => … }, { task: 1 }) for tasks with weights',
  TaskSet: 'mix({ task: async () => … }, { task: 1 })',
  task: 'mix({ task: async () => … }, { task: 1 })',
  tag: "mix(tasks, weights, { tags: { task: 'slow' } })",
  between: "wait('1s', '3s') in the script, or thinkTime: { min: '1s', max: '3s' } in its options",
  constant: "wait('1s') in the script, or thinkTime: '1s' in its options",
  constant_pacing: "pace('1s')",
  constant_throughput: "pace('1s'), or an arrival rate: --rate 10/s",
  wait_time: "wait('1s', '3s') in the script, or thinkTime: { min: '1s', max: '3s' } in its options",
  events: 'the hooks setup, teardown, vuSetup, vuTeardown and handleSummary, which a script exports',
  LoadTestShape: 'options = { shape: (seconds) => users }',
  on_start: 'the hook vuSetup, which a script exports',
  on_stop: 'the hook vuTeardown, which a script exports',
};

/** What has the work of a name of k6 or Locust; undefined for any other. */
export function insteadOfName(name: string): string | undefined {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** For who gives a locustfile or another script that is no TypeScript. */
export const LOCUST_HINT =
  "Locust's locustfile.py is a TypeScript file here: tasks are mix({ name: async () => … }, weights), wait_time is wait() or thinkTime, on_start is vuSetup, catch_response is expect: (r) => … (stressrun init makes a first script)";

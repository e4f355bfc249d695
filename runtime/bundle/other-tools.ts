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

/** What to write instead of an import of k6. */
export function insteadOfK6(name: string): string {
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

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { configJsonSchema } from '../../../runtime/config/schema.ts';
import { configOf, LOCAL, refusalOf } from './fixtures.ts';

const TOP = resolve(import.meta.dirname, '../../..');

// After a change of the schema: npx vitest run --project unit test/unit/config -u
test('config.schema.json is what the schema generates', async () => {
  await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(resolve(TOP, 'config.schema.json'));
});

test('the JSON Schema describes the input: a duration is a text, and unknown keys are refused', () => {
  const schema = configJsonSchema() as {
    additionalProperties: unknown;
    properties: { test_profiles: { additionalProperties: { properties: { duration: { type: string } } } } };
  };
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.test_profiles.additionalProperties.properties.duration.type).toBe('string');
});

test('the shipped config.yaml is valid and names its schema in the first line', () => {
  const config = loadConfig({ cwd: TOP, configFlag: 'config.yaml', processEnv: {} });
  expect(Object.keys(config.environments)).toEqual(['local', 'k8s', 'prod', 'demo']);
  expect(Object.keys(config.settings.test_profiles ?? {})).toEqual([
    'smoke',
    'quick',
    'standard',
    'load',
    'spike',
    'endurance',
    'stress',
    'standard_open',
    'load_open',
    'spike_open',
  ]);
  expect(config.settings.thresholds).toMatchObject({ max_failure_rate: '1%', min_rps: 10, predict_large_image: { max_p95: '4s' } });
  expect(readFileSync(resolve(TOP, 'config.yaml'), 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./config.schema.json');
});

test.each([
  [
    'test_profiles: { smoke: { users: 0, duration: 30s } }',
    'test_profiles.smoke.users: expected a whole number from 1 to 100000 (users); got 0',
  ],
  [
    'test_profiles: { smoke: { users: 1.5, duration: 30s } }',
    'test_profiles.smoke.users: expected a whole number from 1 to 100000 (users); got 1.5',
  ],
  [
    'test_profiles: { smoke: { users: many, duration: 30s } }',
    'test_profiles.smoke.users: expected a whole number from 1 to 100000 (users); got "many"',
  ],
  [
    'test_profiles: { smoke: { users: 5, duration: 30 } }',
    'test_profiles.smoke.duration: expected 1ms to 30d, such as "30s" or "1m30s"; got 30',
  ],
  [
    'test_profiles: { smoke: { users: 5, duration: "90" } }',
    'test_profiles.smoke.duration: expected 1ms to 30d, such as "30s" or "1m30s"; got "90"',
  ],
  [
    'test_profiles: { smoke: { users: 5, duration: 31d } }',
    'test_profiles.smoke.duration: expected 1ms to 30d, such as "30s" or "1m30s"; got "31d"',
  ],
  ['test_profiles: { smoke: { users: 5 } }', 'test_profiles.smoke: expected duration, iterations or stages; got none of them'],
  [
    'test_profiles: { smoke: { shape: spike, iterations: 3 } }',
    'test_profiles.smoke.shape: expected a duration, and neither stages nor iterations, beside a shape',
  ],
  [
    'test_profiles: { smoke: { duration: 1m, stages: [{ duration: 1m, target: 5 }] } }',
    'test_profiles.smoke.stages: expected neither duration nor iterations beside stages; got duration',
  ],
  [
    'test_profiles: { smoke: { stages: [{ duration: 1m, target: -5 }] } }',
    'test_profiles.smoke.stages[0].target: expected a whole number from 0 to 100000 (users); got -5',
  ],
  ['test_profiles: { smoke: { duration: 1m, shape: wave } }', 'test_profiles.smoke.shape: expected one of spike, steps, ramp; got "wave"'],
  [
    'test_profiles: { smoke: { duration: 1m, think_time: { min: 2s, max: 1s } } }',
    'test_profiles.smoke.think_time.max: expected at least min, 2s; got "1s"',
  ],
  [
    'test_profiles: { smoke: { duration: 1m, think_time: { min: 2s, max: soon } } }',
    'test_profiles.smoke.think_time.max: expected 0s to 1h, such as "30s" or "1m30s"; got "soon"',
  ],
  ['test_profiles: { "a b": { duration: 1m } }', 'test_profiles: expected a name of letters, digits, "_", "-" and "."; got "a b"'],
  ['environments: { x: {} }', 'environments.x.base_url: expected an absolute http or https URL, or target: embedded; got nothing'],
  [
    'environments: { x: { base_url: "localhost:8000" } }',
    'environments.x.base_url: expected an absolute http or https URL, such as http://localhost:8000; got "localhost:8000"',
  ],
  [
    'environments: { x: { base_url: "http://u:p@h" } }',
    'environments.x.base_url: expected a URL without user and password (they go into auth); got "http://***@h"',
  ],
  [
    'environments: { x: { target: embedded, base_url: "http://h" } }',
    'environments.x.base_url: expected no base_url beside target: embedded, whose address is known when it has started',
  ],
  [
    'environments: { x: { base_url: "http://h", auth: { bearer: 12345 } } }',
    'environments.x.auth.bearer: expected a token; got a number (not shown)',
  ],
  ['environments: { x: { base_url: "http://h", auth: {} } }', 'environments.x.auth: expected exactly one of basic and bearer'],
  [
    'environments: { x: { base_url: "http://h", tls: { cert: a.pem } } }',
    'environments.x.tls.key: expected cert and key together; got one of them',
  ],
  [
    'environments: { x: { base_url: "http://h", max_rps: 0 } }',
    'environments.x.max_rps: expected a number above 0, at most 10000000 (requests a second); got 0',
  ],
  ['thresholds: { max_p95: 2 }', 'thresholds.max_p95: expected 1us to 1h, such as "30s" or "1m30s"; got 2'],
  ['thresholds: { max_failure_rate: 101% }', 'thresholds.max_failure_rate: expected a share such as "1%" or 0.01 (0% to 100%); got "101%"'],
  ['thresholds: { max_failure_rate: 5 }', 'thresholds.max_failure_rate: expected a share such as "1%" or 0.01 (0% to 100%); got 5'],
  [
    'image_sizes: { a: 640*480 }',
    'image_sizes.a: expected a size such as 640x480 or { width: 640, height: 480 }, each side 1 to 16384; got "640*480"',
  ],
  [
    'image_sizes: { a: 640x20000 }',
    'image_sizes.a: expected a size such as 640x480 or { width: 640, height: 480 }, each side 1 to 16384; got "640x20000"',
  ],
  ['warm_up: 10', 'warm_up: expected a duration such as "10s", { requests: 10 }, { duration: 10s } or { until: stable, max: 60s }; got 10'],
  ['warm_up: { until: forever }', 'warm_up.until: expected one of stable; got "forever"'],
  ['warm_up: { until: stable, max: 2h }', 'warm_up.max: expected 1s to 1h, such as "30s" or "1m30s"; got "2h"'],
  ['test_mix: { a: -1 }', 'test_mix.a: expected a weight from 0 to 1000000; got -1'],
  ['test_mix: { a: 0 }', 'test_mix: expected at least one weight above 0; got {"a":0}'],
  ['health_check: { on_failure: ignore }', 'health_check.on_failure: expected one of warn, fail; got "ignore"'],
  ['environments: []', 'environments: expected a map of environments by name; got []'],
])('%s is refused with where, what is allowed and what came', (yaml, message) => {
  expect(refusalOf(() => configOf(yaml)).message).toBe(message);
});

test('an unknown key names the known ones and the nearest match', () => {
  const profile = refusalOf(() => configOf('test_profiles: { smoke: { user: 5, duration: 1s } }')).message;
  expect(profile).toContain('test_profiles.smoke: expected the keys description, users, duration,');
  expect(profile).toContain('; got "user": did you mean "users"?');
  expect(refusalOf(() => configOf('enviroments: {}')).message).toContain('got "enviroments": did you mean "environments"?');
  expect(refusalOf(() => configOf('thresholds: { predict: { max_p9: 1s } }')).message).toMatch(
    /^thresholds\.predict: .*got "max_p9": did you mean "max_p95"\?$/,
  );
  expect(refusalOf(() => configOf('environments: { x: { base_url: "http://h", tls: { veryfy: true } } }')).message).toContain(
    'did you mean "verify"?',
  );
});

test('all problems of a file come in one error, by line, at most 10 of them', () => {
  const bad = Array.from({ length: 12 }, (_, i) => `  p${i}: { users: 0, duration: 1s }`).join('\n');
  const lines = refusalOf(() => configOf(`${LOCAL}test_profiles:\n${bad}\n`)).message.split('\n');
  expect(lines[0]).toMatch(/config\.yaml: 12 problems$/);
  expect(lines[1]).toBe('  line 3: test_profiles.p0.users: expected a whole number from 1 to 100000 (users); got 0');
  expect(lines).toHaveLength(12);
  expect(lines[11]).toBe('  and 2 more');
});

test('a single problem has the file and the line in its hint', () => {
  expect(refusalOf(() => configOf(`${LOCAL}\ntest_profiles:\n  smoke: { users: 0, duration: 1s }\n`)).hint).toMatch(
    /^in .*config\.yaml:4$/,
  );
});

test('the line of an unknown key is its own', () => {
  const error = refusalOf(() => configOf(`${LOCAL}test_mix: { a: 1 }\n\ntest_profile: {}\n`));
  expect(error.hint).toMatch(/config\.yaml:4$/);
  expect(error.where).toMatch(/config\.yaml$/);
});

test('everything that the page names is accepted', () => {
  const config = configOf(`
environments:
  full:
    base_url: https://example.com/api/
    headers: { x-team: vision }
    auth: { basic: { user: u, password: p } }
    tls: { ca: ca.pem, cert: c.pem, key: k.pem, verify: false, server_name: inner }
    timeout: 5s
    secrets: { API_KEY: k }
    allow_hosts: [cdn.example.com, "*.example.org", 10.0.0.0/8]
    trace_headers: true
    server_timing: true
warm_up: 10s
test_profiles:
  a: { stages: [{ duration: 30s, target: 10 }, { duration: 0s, target: 0 }], spawn_rate: 2, think_time: { min: 1s, max: 2s }, pace: 3s, graceful_stop: 0s }
  b: { arrival_rate: 50/s, duration: 1m, max_users: 20, on_busy: drop }
  c: { executor: per-vu-iterations, iterations: 5, think_time: 500ms, thresholds: { max_p95: 1s } }
image_sizes: { a: 1x1, b: { width: 5, height: 6 } }
thresholds: { max_failure_rate: 0.01, "http_req_duration{task:a}": ["p(95)<1s", { threshold: "avg<1s", abortOnFail: true }], checks: "rate>0.9" }
allow_paths: [../photos]
`);
  expect(Object.keys(config.settings)).toEqual(['warm_up', 'test_profiles', 'image_sizes', 'thresholds', 'allow_paths']);
});

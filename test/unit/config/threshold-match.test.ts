import { describe, expect, test } from 'vitest';
import { LOCAL, PROFILES, planOf, refusalOf, TWO } from './fixtures.ts';

const LOAD = { users: '5', duration: '60s' };
const METRIC = { name: 'box_error', type: 'trend', unit: 'default' } as const;
const CODE = "http.get('/', { tags: { flavour: 'x' } })";

/** Notes and the thresholds left, with this key in config.yaml. */
function shared(key: string, options: Parameters<typeof planOf>[0] = {}) {
  const yaml = `${options.yaml ?? LOCAL}thresholds: { ${JSON.stringify(key)}: "${key.startsWith('checks') ? 'rate>0.9' : 'p(95)<1'}" }`;
  const { notes, thresholds } = planOf({ flags: LOAD, ...options, yaml });
  return { notes, count: thresholds.length };
}

describe('what this run does not have is left out and told, for another script or profile may have it', () => {
  test.each([
    ['task', 'http_req_duration{task:helth}', 'the script has no task "helth"; did you mean "health"?'],
    ['scenario', 'http_req_duration{scenario:browse}', 'this run has no scenario "browse"'],
    ['phase', 'http_req_duration{phase:peak}', 'this run has no phase "peak"'],
  ])('an unknown %s', (_kind, key, because) => {
    expect(shared(key, { script: { taskNames: ['health'] } })).toEqual({
      notes: [`thresholds[${JSON.stringify(key)}] is left out: ${because}`],
      count: 0,
    });
  });

  test('and what it has stays: a task, a scenario, a phase of the shape, and a phase that a live change makes', () => {
    for (const tag of ['task:health', 'scenario:default', 'phase:recovery', 'phase:edit-1'])
      expect(
        shared(`http_req_duration{${tag}}`, { yaml: PROFILES, flags: { profile: 'spike' }, script: { taskNames: ['health'] } }),
      ).toEqual({
        notes: [],
        count: 1,
      });
  });
});

describe("what the script's own thresholds ask for in vain", () => {
  const options = (key: string, more: object = {}) => ({ ...TWO.options, thresholds: { [key]: 'p(95)<1s' }, ...more });

  test.each([
    ['http_req_duration{task:helth}', 'expected a task of the script, one of health; got "helth": did you mean "health"?'],
    ['http_req_duration{scenario:brows}', 'expected a scenario of this run, one of browse, buy; got "brows": did you mean "browse"?'],
    ['http_req_duration{phase:peak}', 'expected a phase of this run, one of none; got "peak"'],
  ])('%s is a 104 where the script alone decides', (key, message) => {
    const script = { ...TWO, taskNames: ['health'], options: options(key) };
    expect(refusalOf(() => planOf({ script })).message).toBe(`options.thresholds[${JSON.stringify(key)}]: ${message}`);
  });

  test('is left out and told where a profile or a flag replaced the scenarios', () => {
    const script = { ...TWO, options: options('http_req_duration{scenario:browse}') };
    const left = 'options.thresholds["http_req_duration{scenario:browse}"] is left out: this run has no scenario "browse"';
    expect(planOf({ yaml: PROFILES, flags: { profile: 'smoke' }, script })).toMatchObject({
      thresholds: [],
      notes: [expect.anything(), left],
    });
    expect(planOf({ flags: { scenarios: ['buy'] }, script })).toMatchObject({ thresholds: [], notes: [left] });
  });
});

describe('what no run can have is kept and told', () => {
  test.each([
    ['http_req_duration{taks:health}', 'nothing sets the tag "taks"; did you mean "task"?'],
    ['http_req_duration{team:a}', 'nothing sets the tag "team"'],
    ['http_req_duration{status:ok}', 'status is a status such as 200, or 0 for no answer; got "ok"'],
    ['http_req_duration{expected_response:yes}', 'expected_response is true or false; got "yes"'],
    ['http_req_duration{method:get}', 'method is a method in capitals, such as GET; got "get"'],
    ['http_req_duration{error_code:timeout}', 'error_code is a code such as 1050; got "timeout"'],
    ['http_req_cut_off{kind:slow}', 'kind is timeout, interrupted, dropped or lost; got "slow"'],
    ['iteration_duration{name:/a}', 'iteration_duration has no tag "name", only scenario, task, phase'],
    ['checks{status:200}', 'checks has no tag "status", only scenario, task, phase, group, check'],
    ['checks{chek:is up}', 'nothing sets the tag "chek"; did you mean "check"?'],
  ])('%s', (key, because) => {
    expect(shared(key, { script: { code: CODE } })).toEqual({
      notes: [`thresholds[${JSON.stringify(key)}] can match nothing: ${because}`],
      count: 1,
    });
  });

  test('the gauges of users have no tags at all', () => {
    const yaml = `${LOCAL}thresholds: { "vus{scenario:default}": "value<5" }`;
    expect(planOf({ yaml, flags: LOAD }).notes).toEqual(['thresholds["vus{scenario:default}"] can match nothing: vus has no tags']);
  });
});

test.each([
  'http_req_duration{flavour:x}',
  'http_req_duration{name:/a,method:GET,status:200,error_code:1050,expected_response:false,group:}',
  'http_req_server_time{part:inference}',
  'http_req_cut_off{kind:dropped}',
  'checks{check:is up,group:::a}',
  'http_req_duration{commit:3f9a}',
  'box_error{status:ok,flavour:x}',
  'http_req_duration{anything:x}',
])('%s may match: no word about it', (key) => {
  const script = { metrics: [METRIC], code: key.includes('anything') ? 'let anything' : `${CODE} status` };
  expect(shared(key, { flags: { ...LOAD, tags: { commit: '3f9a' } }, script })).toEqual({ notes: [], count: 1 });
});

test('kind is a word of stressrun on http_req_cut_off alone: elsewhere it is what the script makes of it', () => {
  expect(shared('http_req_duration{kind:b}', { script: { code: '{ kind: letter }' } }).notes).toEqual([]);
});

test('a tag that the script names only in its thresholds, or in a longer word, is set by nobody', () => {
  const notesWith = (code: string) => shared('http_req_duration{flavour:x}', { script: { code } }).notes;
  expect(notesWith('options = { thresholds: { "http_req_duration{flavour:x}": ["p(95)<1s"] } }')).toHaveLength(1);
  expect(notesWith('let flavours = 3')).toHaveLength(1);
  expect(notesWith('vu.tags.flavour = 3; "http_req_duration{flavour:x}"')).toEqual([]);
  expect(notesWith('http.get(url, { tags: { flavour: kind } })')).toEqual([]);
});

test('a stretch that is longer than the load is told', () => {
  const yaml = `${LOCAL}thresholds: { max_p95: { limit: 1s, for: 61s }, max_p99: { limit: 1s, for: 60s } }`;
  expect(planOf({ yaml, flags: LOAD }).notes).toEqual(['thresholds.max_p95: its stretch of 1m 1s is longer than the load of 1m']);
});

test('tags of the scenarios are known, and without the text of the script any tag may be set by it', () => {
  expect(shared('http_req_duration{kind:b}', { flags: {}, script: { ...TWO, code: '' } }).notes).toEqual([]);
  expect(shared('http_req_duration{taks:health}').notes).toEqual([]);
});

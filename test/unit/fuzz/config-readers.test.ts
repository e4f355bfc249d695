import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseArgs } from '../../../runtime/cli/parse-args.ts';
import { parseScriptOptions } from '../../../runtime/config/script-options.ts';
import { parseThresholdExpression, parseThresholdKey } from '../../../runtime/core/threshold.ts';
import { requireDurationUs } from '../../../runtime/core/units.ts';
import { PROFILES, planOf, SCENARIOS } from '../config/fixtures.ts';
import { BadInput, FUZZ_RUNS, mutated, mutatedText, oddValue } from './bad-input.ts';

const CONFIG = `${PROFILES}
defaults: { environment: local }
health_check: { path: /health, expect: { status: ok }, wait: 0s, on_failure: warn }
warm_up: { requests: 10 }
test_mix: { health: 10, predict: 60 }
image_sizes: { standard: 640x480 }
thresholds: { max_failure_rate: 1%, max_p95: 2s, min_rps: 10, predict: { max_p95: 4s }, "http_req_duration{task:health}": ["p(99)<200ms"] }
`;
const FLAGS = [
  '--users',
  '-u',
  '--duration',
  '-d',
  '--rate',
  '-r',
  '--stage',
  '-s',
  '--seed',
  '--workers',
  '--tag',
  '-e',
  '--base-url',
  '--strict',
  '--profile',
  '--iterations',
  '--scenario',
  '--json',
  '--on-inconclusive',
  '--http-debug',
  '--allow-production',
  '--no-such',
  '--',
  '-',
  '--port',
  '--latency',
  '--error-rate',
];
const EXPRESSION = fc.oneof(
  mutatedText('p(95)<200ms'),
  mutatedText('rate>0.99'),
  mutatedText('p(99.9) <= 1.5 s'),
  fc.string({ unit: 'binary' }),
);

test(
  `${FUZZ_RUNS} broken config.yaml files are read, or refused with a place`,
  () => {
    const bad = new BadInput('config.yaml');
    const asText = fc.oneof(
      mutatedText(CONFIG),
      mutated(parse(CONFIG)).map((value) => stringify(value)),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(asText, fc.constantFrom('smoke', 'spike', 'climb', 'open', 'paced'), (yaml, profile) =>
        bad.check(() => planOf({ yaml, flags: { profile }, script: { taskNames: ['health', 'predict'] } })),
      ),
      { numRuns: FUZZ_RUNS },
    );
    bad.print();
  },
  30_000 + FUZZ_RUNS * 40,
);

test(
  `${FUZZ_RUNS} command lines are read, or refused with a place`,
  () => {
    const bad = new BadInput('flags', true);
    const word = fc.oneof(
      fc.constantFrom(...FLAGS),
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        'run',
        'check',
        'report',
        'target',
        'scripts/predict.ts',
        '5',
        '1m',
        '50/s',
        '10s:5',
        'k=v',
        '__proto__=1',
        '--users=',
        '--constructor',
      ),
    );
    const variables = fc.dictionary(
      fc.constantFrom('STRESSRUN_USERS', 'STRESSRUN_SEED', 'STRESSRUN_CONSTRUCTOR', 'STRESSRUN_'),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), variables, (argv, env) =>
        bad.check(() => {
          const args = parseArgs(argv, env);
          if (args.command === 'run') planOf({ flags: args.flags });
        }),
      ),
      { numRuns: FUZZ_RUNS },
    );
    bad.print();
  },
  30_000 + FUZZ_RUNS * 40,
);

test(
  `${FUZZ_RUNS} options of scripts are read, or refused with a place`,
  () => {
    const bad = new BadInput('script options');
    const options = {
      ...SCENARIOS,
      thresholds: { http_req_duration: ['p(95)<500', { threshold: 'avg<1s', abortOnFail: true }] },
      setupTimeout: '1m',
      tags: { a: 'b' },
      vus: 3,
      stages: [{ duration: '1s', target: 2 }],
    };
    fc.assert(
      fc.property(fc.oneof(mutated(options), oddValue), (value) =>
        bad.check(() => {
          parseScriptOptions(value);
          planOf({ script: { exportNames: ['default', 'browse', 'buy'], options: value } });
        }),
      ),
      { numRuns: FUZZ_RUNS },
    );
    bad.print();
  },
  30_000 + FUZZ_RUNS * 40,
);

test(`${FUZZ_RUNS} threshold expressions and keys are read, or refused with a place`, () => {
  const bad = new BadInput('threshold expressions');
  const definition = fc.record({
    type: fc.constantFrom('counter', 'gauge', 'rate', 'trend'),
    unit: fc.constantFrom('time', 'data', 'default'),
    name: fc.constant('m'),
  });
  fc.assert(
    fc.property(
      EXPRESSION,
      fc.oneof(mutatedText('http_req_duration{task:health,name:"a b"}'), fc.string()),
      definition,
      (text, key, metric) => {
        bad.check(() => parseThresholdExpression('thresholds.m', text, metric as Parameters<typeof parseThresholdExpression>[2]));
        bad.check(() => parseThresholdKey('thresholds', key));
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  bad.print();
});

test(`${FUZZ_RUNS} durations are read, or refused with a place`, () => {
  const bad = new BadInput('durations');
  fc.assert(
    fc.property(fc.oneof(mutatedText('1m30s'), mutatedText('1.5h20ms'), oddValue), (text) => {
      bad.check(() => {
        const us = requireDurationUs('where', text);
        expect(Number.isSafeInteger(us) && us >= 0).toBe(true);
      });
    }),
    { numRuns: FUZZ_RUNS },
  );
  bad.print();
});

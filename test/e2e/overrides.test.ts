import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const MIX = `import { env, http, mix } from 'stressrun';
const task = (path: string) => async () => { await http.get(path, { headers: { 'x-key': env.KEY ?? 'none' } }); };
export default mix({ look: task('/look'), send: task('/send'), both: task('/both') }, { look: 1, send: 1, both: 1 },
  { tags: { look: 'fast', send: ['slow', 'upload'], both: ['fast', 'upload'] } });
`;
const CONFIG = `environments: { it: { base_url: "\${IT_URL}", secrets: { KEY: "\${IT_KEY}" } } }
thresholds: { max_p95: 10s }
`;

test.concurrent.each([
  [
    ['--tags', 'fast'],
    ['both', 'look'],
  ],
  [['--tags', 'fast', '--tags', 'slow', '--exclude-tags', 'upload'], ['look']],
  [['--exclude-tags', 'fast,none'], ['send']],
])('%j leave the tasks %j, and their threshold is met', async (flags, tasks) => {
  const target = await startTarget();
  const path = project({ 'config.yaml': CONFIG, 'mix.ts': MIX }).at('mix.ts');
  const { run } = await load([path, '--users', '1', '--iterations', '6', ...flags], {
    env: { IT_URL: target.url, IT_KEY: 'secret-of-it' },
  });
  expect(run.requests.slice(0, -1).map(({ task, count }) => [task, count])).toEqual(tasks.map((task) => [task, 6 / tasks.length]));
});

test.concurrent.each([
  [['--tags', 'none'], 'mix: --tags none leaves no task; tags are fast, slow, upload'],
  [['--set', 'thresholds.max_p96=1s'], 'thresholds.max_p96: expected a metric'],
  [['--set', 'warm_up.requests=-1'], 'warm_up.requests: expected'],
  [['--threshold', 'nosuch.max_p95=1s'], '--threshold.nosuch'],
  [['--threshold', 'http_reqs: count>>1'], '--threshold'],
  [['--dotenv', 'nothing.env'], '--dotenv: expected a file of lines such as NAME=value; got "nothing.env" (ENOENT)'],
])('%j is a 104', async (flags, message) => {
  const path = project({ 'config.yaml': CONFIG, 'mix.ts': MIX }).at('mix.ts');
  const { exitCode, stdout, stderr } = await cli([path, '--once', ...flags], {
    env: { IT_URL: 'http://127.0.0.1:1', IT_KEY: 'secret-of-it' },
  });
  expect([exitCode, stdout]).toEqual([104, '']);
  expect(stderr).toContain(message);
});

test('--set and --threshold win over config.yaml, and --dotenv gives its variables, with their names told and no value', async () => {
  const target = await startTarget({ '/send': { failEveryNth: 1 } });
  const folder = project({
    'config.yaml': CONFIG,
    'mix.ts': MIX,
    'it.env': `IT_URL=${target.url}\nIT_KEY="from the file"\nSTRESSRUN_TAGS=upload\nHOME=/nowhere\n`,
  });
  const { run, exitCode, stderr } = await load([
    folder.at('mix.ts'),
    '--users',
    '1',
    '--iterations',
    '4',
    '--dotenv',
    folder.at('it.env'),
    '--set',
    'thresholds.max_p99=20s',
    '--set',
    'thresholds.max_p95=',
    '--threshold',
    'max_failure_rate=1%',
    '--threshold',
    'http_reqs{task:both}: count==2',
  ]);
  expect(stderr).toContain(`variables of ${folder.at('it.env')}: IT_KEY, IT_URL, STRESSRUN_TAGS; set before, and left as they were: HOME`);
  expect(stderr).not.toContain('from the file');
  expect(target.seen.filter(({ path }) => path === '/both').map(({ headers }) => headers['x-key'])).toEqual([
    'from the file',
    'from the file',
  ]);
  expect(exitCode).toBe(99);
  expect(run.thresholds.map(({ source, outcome }) => [source, outcome])).toEqual(
    expect.arrayContaining([
      ['--threshold.max_failure_rate', 'missed'],
      ['--threshold["http_reqs{task:both}"]', 'met'],
    ]),
  );
  expect(run.thresholds.some(({ source }) => source === 'thresholds.max_p99')).toBe(true);
  expect(run.thresholds.some(({ source }) => source === 'thresholds.max_p95')).toBe(false);
});

test('--set works where there is no config.yaml, and without --dotenv a .env is not read', async () => {
  const target = await startTarget();
  const folder = project({ 'mix.ts': MIX, '.env': 'STRESSRUN_ONCE=1\n' });
  const { run, stderr } = await load(
    [
      folder.at('mix.ts'),
      '--users',
      '1',
      '--iterations',
      '3',
      '--set',
      `environments.local.base_url=${target.url}`,
      '--set',
      'defaults.environment=local',
    ],
    { cwd: folder.at('.') },
  );
  expect(run.requests.at(-1)?.count).toBe(3);
  expect(stderr).not.toContain('.env');
});

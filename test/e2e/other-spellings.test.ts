import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** Exit code and words of a command with this script, on a target that answers 200. */
async function told(script: string, config = '{}\n'): Promise<[exitCode: number | null, text: string]> {
  const target = await startTarget();
  const { at } = project({ 'main.ts': script, 'config.yaml': config });
  const { exitCode, stderr, stdout } = await cli([at('main.ts'), '--base-url', target.url, '--once', '--quiet']);
  return [exitCode, stderr + stdout];
}

test.concurrent.each([
  ["import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js'; textSummary({});", 'handleSummary(data)'],
  ["import { uuidv4 } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js'; uuidv4();", 'crypto.randomUUID()'],
  ["import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js'; papaparse.parse('');", "data.csv('rows.csv')"],
  ["import { URL } from 'https://jslib.k6.io/url/1.0.0/index.js'; new URL('http://a');", 'URL and URLSearchParams are globals'],
  ["import { x } from 'https://example.com/x.js'; x();", 'npm install the package'],
  ["import ws from 'k6/ws'; ws.connect();", 'stressrun tests HTTP/1.1'],
  ["import { browser } from 'k6/browser'; browser.newPage();", 'stressrun tests HTTP/1.1'],
  ["import { SharedArray } from 'k6/data'; new SharedArray('x', () => []);", "data.json('rows.json')"],
  ["import { Trend, Rate, Counter, Gauge } from 'k6/metrics'; [Trend, Rate, Counter, Gauge].length;", "metrics.trend('x')"],
  ["import { sleep } from 'k6'; sleep(1);", 'with await before sleep'],
  ["import http from 'k6/http'; http.get('/');", 'await http.get(url'],
  ["import exec from 'k6/execution'; exec.vu.idInTest;", 'vu.id, vu.iteration'],
  ["import { textSummary } from 'stressrun'; textSummary({});", 'handleSummary(data)'],
  ["import { between } from 'stressrun'; between(1, 3);", "wait('1s', '3s')"],
  ["import { constant_throughput } from 'stressrun'; constant_throughput(2);", '--rate 10/s'],
  ["import { task } from 'stressrun'; task(3);", 'mix({ task: async () => … }'],
])('%s at the top is a 104 that names what has its work here', async (line, remedy) => {
  const [exitCode, text] = await told(`${line}\nexport default () => {};\n`);
  expect([exitCode, text]).toEqual([104, expect.stringContaining(remedy)]);
});

test.concurrent.each([
  ["open('./users.json');", "k6's open() is data.csv()"],
  ['__ENV.HOST;', "k6's __ENV is env here"],
  ['console.log(__VU);', 'vu.id and vu.iteration here'],
  ["new Trend('x');", 'metrics.trend()'],
])('%s at module level is a 107 that names what has its work here', async (line, remedy) => {
  const [exitCode, text] = await told(`${line}\nexport default () => {};\n`);
  expect([exitCode, text]).toEqual([107, expect.stringContaining(remedy)]);
});

test.concurrent.each([
  ['console.log(__VU, __ITER);', 'vu.id and vu.iteration here'],
  ["await http.del('/x');", 'http.delete()'],
  ["await http.post('/x', 'body', { headers: {} });", 'is http.post(url, { body, headers, … }) here'],
  ["await http.post('/x', { user: 'ann', pass: 'x' });", '{ form: … }'],
  ["(await http.get('/x')).html();", 'res.text() gives the page'],
])('%s in an iteration fails the run, and the error names what has its work here', async (line, remedy) => {
  const [exitCode, text] = await told(`import { http } from 'stressrun';\nexport default async () => { ${line} };\n`);
  expect([exitCode, text]).toEqual([99, expect.stringContaining(remedy)]);
});

test.concurrent.each([
  ['wait_time: 1', 'thinkTime'],
  ["waitTime: '1s'", 'thinkTime'],
  ["host: 'http://shop'", '--base-url'],
  ["run_time: '1m'", '--duration'],
])('options = { %s } is a 104 that names the option of the same work', async (option, remedy) => {
  const [exitCode, text] = await told(`export const options = { vus: 1, ${option} };\nexport default () => {};\n`);
  expect([exitCode, text]).toEqual([104, expect.stringMatching(new RegExp(`got "\\w+": here it is .*${remedy}`))]);
});

test.concurrent.each([
  ['wait_time: 1s', 'think_time in a profile'],
  ['host: http://shop', 'base_url of an environment'],
  ['test_profiles: { smoke: { users: 1, duration: 1s, wait-time: 1s } }', 'think_time in a profile'],
  ['test_profiles: { smoke: { vus: 1, duration: 1s } }', 'users in a profile'],
])('config.yaml with %s is a 104 that names the key of the same work', async (line, remedy) => {
  const [exitCode, text] = await told('export default () => {};\n', `${line}\n`);
  expect([exitCode, text]).toEqual([104, expect.stringContaining(`here it is ${remedy}`)]);
});

import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';
import { verdictTextsOf } from '../support/verdict-texts.ts';

const THRESHOLDS = `{
  'http_req_duration{name:/never}': ['p(95)<1s'],
  'http_req_duration{name:/b}': ['p(99)<50s'],
  'http_req_failed': ['rate<1%'],
  'http_req_waiting{name:/nowhere}': ['p(99)<2s'],
  'iterations': ['count>1000'],
}`;
const SCRIPT = `import { http } from 'stressrun';
export const options = { vus: 2, iterations: 40, thresholds: ${THRESHOLDS} };
export default async () => { await http.get('/a'); await http.get('/b'); };
`;
/** Each is in every report, in this order: the two that are decided, then what is open under its reason. */
const DECIDED = ['rate 25%, limit 1%: missed by 24 percentage points', 'count 40, limit more than 1,000: missed by 960'];
const NO_DATA = 'Left open, because nothing was measured that they are about:';
const FEW = 'Left open, because --strict takes nothing that may be chance:';

/** Where the parts stand in a text. @throws when one is missing, or is there more than once */
function placesOf(text: string, parts: readonly string[]): number[] {
  return parts.map((part) => {
    expect(text.split(part).length - 1, `how often "${part}" is in: ${text}`).toBe(1);
    return text.indexOf(part);
  });
}

test.concurrent('2 misses that are decided stand first; 2 thresholds without data and 1 with too few samples follow, each reason said once; all four reports alike', async () => {
  const { url } = await startTarget({ '/a': { failEveryNth: 2 } });
  const { exitCode, stdout, folder, run } = await load([project({ 'open.ts': SCRIPT }).at('open.ts'), '--base-url', url, '--strict']);
  expect(exitCode).toBe(99);
  expect(run.thresholds.map(({ outcome }) => outcome)).toEqual(['no-data', 'undecided', 'missed', 'no-data', 'missed']);
  for (const [report, text] of Object.entries(verdictTextsOf(folder, stdout))) {
    const places = placesOf(text, [...DECIDED, NO_DATA, 'p(95)<1s', 'p(99)<2s', FEW, 'met (40 samples only; weak: by chance']);
    expect(places, `${report}: ${text}`).toEqual(places.toSorted((a, b) => a - b));
  }
  // below the verdict the thresholds are a list, and what was said is not said again
  placesOf(stdout.replace(/\s+/g, ' '), [...DECIDED, NO_DATA, FEW, 'met (40 samples only; weak: by chance', 'Thresholds ?']);
});

test.concurrent('a run in which nothing but too few samples stands against it is open for that reason, and not for a miss', async () => {
  const { url } = await startTarget();
  const script = SCRIPT.replace(THRESHOLDS, "{ 'http_req_duration{name:/b}': ['p(99)<50s'] }");
  const { exitCode, stdout, folder } = await load([project({ 'few.ts': script }).at('few.ts'), '--base-url', url, '--strict']);
  expect(exitCode).toBe(111);
  for (const [report, text] of Object.entries(verdictTextsOf(folder, stdout))) expect(text, report).toContain(FEW);
});

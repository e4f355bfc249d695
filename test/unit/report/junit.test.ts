import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { junitXml } from '../../../runtime/report/junit.ts';
import { isLeftOutWithout } from '../../support/needs.ts';
import { emptyRun, interruptedRun } from './fixed-runs.ts';
import { failedReport, hostileReport, passedReport } from './simulated.ts';

const golden = (name: string): string => `${import.meta.dirname}/../../golden/${name}`;
const XSD = resolve(import.meta.dirname, '../../fixtures/junit.xsd');
const RUNS: [name: string, run: RunJson][] = [
  ['passed', passedReport],
  ['failed', failedReport],
  ['hostile', hostileReport],
  ['empty', emptyRun],
  ['interrupted', interruptedRun],
];
const failuresOf = (xml: string): number => [...xml.matchAll(/<failure /g)].length;

test.each(RUNS.slice(0, 2))('the JUnit file of the %s run is its golden file', async (name, run) => {
  await expect(junitXml(run)).toMatchFileSnapshot(golden(`junit-${name}.xml`));
});

test.skipIf(isLeftOutWithout('libxml2-utils')).each(RUNS)('the JUnit file of the %s run is valid by the XSD of CI servers', (_, run) => {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', XSD, '-'], { input: junitXml(run), encoding: 'utf8' });
  expect(stderr.trim()).toBe('- validates');
  expect(status).toBe(0);
});

test('a run that passed has no failure though a check failed 3 times within its threshold', () => {
  expect(passedReport.checks.reduce((sum, check) => sum + check.fails, 0)).toBe(3);
  const xml = junitXml(passedReport);
  expect(failuresOf(xml)).toBe(0);
  expect(xml).toContain('within the thresholds');
});

test('a run that failed has 1 failure for the verdict, 2 for thresholds and 2 for checks; a threshold without data is skipped', () => {
  const xml = junitXml(failedReport);
  expect(failuresOf(xml)).toBe(5);
  expect(xml).toContain('tests="7" failures="5" errors="0"');
  expect([...xml.matchAll(/<skipped /g)]).toHaveLength(1);
});

test('what a run has nothing of has no suite', () => {
  const suitesOf = (run: RunJson) => [...junitXml(run).matchAll(/<testsuite name="(\w+)"/g)].map(([, name]) => name);
  expect(suitesOf(emptyRun)).toEqual(['run']);
  expect(suitesOf({ ...failedReport, thresholds: [] })).toEqual(['run', 'checks']);
});

test('a run that was interrupted is red though all its thresholds were met', () => {
  expect(failuresOf(junitXml(interruptedRun))).toBe(1);
});

test('an inconclusive run that exits with 0 is green', () => {
  expect(failuresOf(junitXml({ ...passedReport, verdict: { outcome: 'inconclusive', reasons: ['saturated'] } }))).toBe(0);
});

test('what looks like markup in a name is a name: `&lt;` and `<b>` come out as they were', () => {
  const [check] = failedReport.checks;
  const xml = junitXml({ ...failedReport, checks: check === undefined ? [] : [{ ...check, name: 'a &lt; <b> "c"' }] });
  expect(xml).toContain('a &amp;lt; &lt;b&gt; &quot;c&quot;" classname="stressrun.checks"');
});

// half a pair, and what is in no XML: a target may answer with them
const NO_XML = 'a\ufffeb\uffffc\ud83dd\udc00e\u0000f \ud83d\ude00';
test('what no XML may hold is out of names and texts, whole pairs stay', () => {
  const [check] = failedReport.checks;
  const xml = junitXml({
    ...failedReport,
    notes: [NO_XML],
    checks: check === undefined ? [] : [{ ...check, name: NO_XML, fails: 1, reason: NO_XML }],
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must not be there
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
  expect(xml.match(/abc\ufffdd\ufffdef \ud83d\ude00/g)?.length).toBe(3);
});

import { expect, test } from 'vitest';
import { csvCell } from '../../../runtime/core/csv-cell.ts';
import { csvFormat } from '../../../runtime/outputs/k6-csv.ts';
import { csvText } from '../../../runtime/views/csv.ts';

test.each([
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"', '"=HYPERLINK(""http://x"",""y"")"'],
  ['+1', "'+1", '+1'],
  ['-2+3', "'-2+3", '-2+3'],
  ['@SUM(A1)', "'@SUM(A1)", '@SUM(A1)'],
  ['\t=1', "'\t=1", '\t=1'],
  ['\r=1', '"\'\r=1"', '"\r=1"'],
  ['＝1', "'＝1", '＝1'],
  ['GET /a=1', 'GET /a=1', 'GET /a=1'],
  ['/predict', '/predict', '/predict'],
])('the cell %j is %j, raw %j', (text, escaped, raw) => {
  expect([csvCell(text, 'escaped'), csvCell(text, 'raw')]).toEqual([escaped, raw]);
});

test("Locust's tables and k6's samples escape formulas but where asked not to; numbers below zero are numbers", () => {
  expect(csvText(['a', 'b'], [['=1', -2]])).toBe("a,b\r\n'=1,-2\r\n");
  expect(csvText(['a', 'b'], [['=1', -2]], 'raw')).toBe('a,b\r\n=1,-2\r\n');
  const series = { metric: 'm', unit: 'default', period: 'measured', type: 'gauge', tags: { name: '@a', check: '-b' } } as const;
  const lineOf = (format: ReturnType<typeof csvFormat>): string => format.writer(series as never).line(-1, 5e6);
  expect(lineOf(csvFormat())).toMatch(/^m,5,-1(\.0+)?,'-b,.*,'@a,/);
  expect(lineOf(csvFormat('raw'))).toMatch(/^m,5,-1(\.0+)?,-b,.*,@a,/);
});

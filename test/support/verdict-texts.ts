import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Between two marks, the marks left out. @throws when one is missing */
function between(text: string, begin: RegExp, end: RegExp): string {
  const start = begin.exec(text);
  if (start === null) throw new Error(`${begin} is not in: ${text}`);
  const rest = text.slice(start.index + start[0].length);
  const stop = end.exec(rest);
  if (stop === null) throw new Error(`${end} is not behind ${begin} in: ${rest}`);
  return rest.slice(0, stop.index);
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** What each report of a run says with its verdict, as a reader reads it: without markup, each blank once. @param stdout - what the run printed */
export function verdictTextsOf(folder: string, stdout: string): Readonly<Record<'console' | 'html' | 'markdown' | 'junit', string>> {
  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const page = between(file('report.html'), /<div class="verdict [a-z]+">/, /<dl class="figures">/);
  const failure = between(file('junit.xml'), /<testcase name="verdict"[^>]*>\s*<failure [^>]*>/, /<\/failure>/);
  const markdown = between(file('summary.md'), /^## /m, /^`/m);
  return {
    console: inOneLine(between(stdout, /^Verdict: /m, /\n\r?\n/)),
    html: inOneLine(unescaped(page.replace(/<[^>]+>/g, ' '))),
    markdown: inOneLine(unescaped(markdown.replace(/\\(?=[^\w\s])/g, ''))),
    junit: inOneLine(unescaped(failure)),
  };
}

import { expect, test } from 'vitest';
import { explainScriptError, insteadOfNodeModule } from '../../../runtime/bundle/explain-script-error.ts';

test.each([
  ['TypeError: Proxy is not a constructor', 'a library in the script needs Proxy, which the sandbox does not have'],
  ["SyntaxError: 'super' keyword outside a method", 'super is not possible inside an async generator method'],
  ['Proxy is not defined', 'a library in the script needs Proxy'],
  ['process is not defined', 'use env (given by -e KEY=VALUE)'],
  ['Buffer is not defined', 'TextEncoder and TextDecoder'],
  ['require is not defined', 'use import with a fixed path'],
  ['Dynamic require of "x" is not supported', 'use import with a fixed path'],
  ['fetch is not defined', "http.get(), http.post() … from 'stressrun'"],
  ['TypeError: http.del is not a function', 'http.delete()'],
  ['SyntaxError: "undefined" is not valid JSON', 'res.text()'],
  ['Trend is not defined', 'metrics.trend()'],
  ['__ENV is not defined', "import { env } from 'stressrun'"],
])('%j is explained', (message, remedy) => {
  expect(explainScriptError(message)).toContain(remedy);
});

test("an error of the script's own is not explained", () => {
  expect(explainScriptError('photos is not defined')).toBeUndefined();
  expect(explainScriptError('subprocess is not defined')).toBeUndefined();
});

test("Node's modules have their stand-ins, with and without node:", () => {
  expect(insteadOfNodeModule('node:fs/promises')).toBe(insteadOfNodeModule('fs'));
  expect(insteadOfNodeModule('worker_threads')).toContain('a library that needs this module does not run');
});

/** What the sandbox lacks, as V8 words it → what to do instead. */
const REMEDIES: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [
    /\bProxy is not (?:a constructor|defined)|\bundefined \(reading 'revocable'\)/,
    'a library in the script needs Proxy, which the sandbox does not have (immer and @faker-js/faker are such libraries): use another one, or make its data beforehand and read it with data.json()',
  ],
  [
    /\bprocess is not defined/,
    "scripts run in a sandbox without Node's process: use env (given by -e KEY=VALUE) for variables, environment for the target",
  ],
  [
    /\bBuffer is not defined/,
    "scripts run in a sandbox without Node's Buffer: use bytes() for what is sent, TextEncoder and TextDecoder for bytes, atob() and btoa() or picture.base64() for base64",
  ],
  [
    /\brequire is not defined|Dynamic require of/,
    'scripts are bundled before they run: use import with a fixed path at the top of the file',
  ],
  [/Dynamic Import not supported/i, 'scripts are bundled before they run: import() takes a fixed path in quotes, not an expression'],
  [
    /\b(?:fetch|XMLHttpRequest) is not (?:defined|a constructor)/,
    "requests are made by http.get(), http.post() … from 'stressrun', which measures them; fetch is not there",
  ],
  [/\bWebSocket is not (?:defined|a constructor)/, 'the sandbox has no WebSocket: stressrun tests HTTP'],
  [
    /\b__(?:dirname|filename) is not defined/,
    'paths given to data.csv(), data.json() and image.file() are relative to the script; __dirname is not needed',
  ],
  [/\b(?:setImmediate|process\.nextTick) is not (?:defined|a function)/, 'use queueMicrotask() or setTimeout()'],
  [/\b__ENV is not defined/, "k6's __ENV is env here: import { env } from 'stressrun'"],
  [/\b__(?:VU|ITER) is not defined/, "k6's __VU and __ITER are vu.id and vu.iteration here: import { vu } from 'stressrun'"],
  [/\bhttp\d*\.del is not a function/, "k6's http.del() is http.delete() here"],
  [/\.html is not a function/, 'there is no HTML parser: res.text() gives the page'],
  [/^(?:SyntaxError: )?"undefined" is not valid JSON/, "k6's res.body is res.text() here, and res.json('path') reads JSON"],
  [
    /\b(Trend|Counter|Gauge|Rate|SharedArray) is not defined/,
    "k6's metrics are metrics.trend(), counter(), gauge() and rate() here, a SharedArray is data.json()",
  ],
  [/\bopen is not defined/, "k6's open() is data.csv(), data.json() or image.file() here"],
  [
    /\b(?:document|localStorage|navigator) is not defined/,
    'a library in the script needs a browser, which the sandbox is not: use another one',
  ],
  [
    /'super' keyword (?:outside a method|unexpected here)/,
    'super is not possible inside an async generator method (async *name()) of a script: call it from a method beside it that is none',
  ],
  [
    /Code generation from strings disallowed|\beval is not/i,
    'a library in the script makes code from text, which the sandbox does not allow: use another one, or its build without it',
  ],
];

/** What to do about an error that comes from something the sandbox does not have; undefined for any other. */
export function explainScriptError(message: string): string | undefined {
  return REMEDIES.find(([pattern]) => pattern.test(message))?.[1];
}

/** What to use instead of one of Node's modules. @param name - with or without `node:` */
export function insteadOfNodeModule(name: string): string {
  const top = name.replace(/^node:/, '').split('/')[0] ?? '';
  if (top === 'fs') return 'read files with data.csv(), data.json(), image.file() or image.folder(), at module level';
  if (['http', 'https', 'http2', 'net', 'tls', 'dgram'].includes(top)) return "make requests with http from 'stressrun'";
  if (top === 'crypto') return 'use the global crypto: getRandomValues(), randomUUID(), subtle';
  if (top === 'buffer' || top === 'string_decoder') return 'use TextEncoder, TextDecoder, atob() and btoa(), which are globals';
  if (top === 'url') return 'use URL and URLSearchParams, which are globals';
  if (top === 'timers') return "use sleep() from 'stressrun', or the global setTimeout()";
  if (top === 'perf_hooks') return 'use performance.now(), which is a global';
  if (top === 'process' || top === 'os') return "use env from 'stressrun' (given by -e KEY=VALUE)";
  if (top === 'assert') return "use check() from 'stressrun'";
  return 'read files with data.csv(), data.json() and image.file(); a library that needs this module does not run in a script';
}

// HEALTHCHECK: whether the web UI answers. A run without one is healthy as long as it goes on.
//   node healthcheck.js [command line of the first process, with spaces]
import { readFileSync } from 'node:fs';

const TIMEOUT_MS = 2_000;
const commandLine = process.argv[2] ?? readFileSync('/proc/1/cmdline', 'utf8').replaceAll('\0', ' ');

/** `ui --port 9000`, `script.ts --ui`, `script.ts --ui=0.0.0.0:9000`, `script.ts --ui 9000`; undefined: no UI. */
function portOf(text) {
  const match =
    /\s--ui(?:[= ](?:[^\s/=]*:)?(\d+))?(?:\s|$)/.exec(text) ??
    (/\sui(?:\s|$)/.test(text) ? (/\s--port[= ](\d+)/.exec(text) ?? []) : undefined);
  return match === undefined ? undefined : Number(match[1] ?? 8089);
}

const port = portOf(` ${commandLine.trim()}`);
if (port !== undefined) {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => error);
  if (answer.status !== 200) {
    console.error(`the web UI on port ${port} does not answer: ${answer.status ?? answer.cause?.code ?? answer.message}`);
    process.exit(1);
  }
}

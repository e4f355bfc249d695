// HEALTHCHECK: whether the web UI answers. A run without one is healthy as long as it goes on.
//   node healthcheck.js [command line of the first process, with spaces]
import { readFileSync } from 'node:fs';

const TIMEOUT_MS = 2_000;
const commandLine = process.argv[2] ?? readFileSync('/proc/1/cmdline', 'utf8').replaceAll('\0', ' ');

/** `ui --ui=0.0.0.0:8089`, `script.ts --ui`, `script.ts --ui=9000`; undefined: no UI. */
function portOf(words) {
  const flag = words.find((word) => word === '--ui' || word.startsWith('--ui='));
  if (flag === undefined && !words.includes('ui')) return undefined;
  return Number(/(\d+)$/.exec(flag ?? '')?.[1] ?? 8089);
}

const port = portOf(commandLine.trim().split(/\s+/));
if (port !== undefined) {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => error);
  if (answer.status !== 200) {
    console.error(`the web UI on port ${port} does not answer: ${answer.status ?? answer.cause?.code ?? answer.message}`);
    process.exit(1);
  }
}

// Waits until a URL answers 200: node ci/wait-until-healthy.mjs https://staging.example.com/health 120
import { setTimeout as pause } from 'node:timers/promises';

const [url, seconds = '120'] = process.argv.slice(2);
const untilMs = Date.now() + Number(seconds) * 1000;
for (;;) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch((error) => error);
  if (answer.status === 200) break;
  const got = answer.status ?? answer.cause?.code ?? answer.message;
  if (Date.now() >= untilMs) {
    console.error(`${url} was not healthy within ${seconds} s; it last gave ${got}`);
    process.exit(1);
  }
  await pause(1_000);
}
console.log(`${url} is healthy`);

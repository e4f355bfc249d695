// A loopback server whose own times are known: it answers after DELAY_MS, and not at all for STALL_FOR_MS from STALL_AFTER_MS after the first
// request on. GET /record gives what it measured itself, from the request read to the answer handed over, as HdrHistogram percentiles. Prints its port.
import { createServer } from 'node:net';
import { build } from 'hdr-histogram-js';

const number = (name) => Number(process.env[name] ?? 0);
const [delayMs, stallAfterMs, stallForMs] = [number('DELAY_MS'), number('STALL_AFTER_MS'), number('STALL_FOR_MS')];
const body = '{"status":"ok","predictions":[]}';
const head = (length, more = '') => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;
const canned = Buffer.from(head(body.length) + body);
const END = Buffer.from('\r\n\r\n');
const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 });
let firstAtMs;

function record() {
  const at = (percent) => histogram.getValueAtPercentile(percent) / 1000;
  return JSON.stringify({ count: histogram.totalCount, p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue / 1000 });
}

function stallLeftMs(nowMs) {
  const sinceMs = nowMs - firstAtMs;
  return sinceMs >= stallAfterMs && sinceMs < stallAfterMs + stallForMs ? stallAfterMs + stallForMs - sinceMs : 0;
}

function answer(socket) {
  const readAtMs = performance.now();
  firstAtMs ??= readAtMs;
  const hand = () => {
    socket.write(canned);
    histogram.recordValue(Math.max(1, Math.round((performance.now() - readAtMs) * 1000)));
  };
  const waitMs = delayMs + stallLeftMs(readAtMs);
  if (waitMs > 0) setTimeout(hand, waitMs);
  else hand();
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    const start = data.subarray(0, 11).toString('latin1');
    if (start === 'GET /record') {
      const text = record();
      socket.end(head(text.length, 'connection: close\r\n') + text);
    } else if (start === 'GET /health') {
      // what asks for it before the run is none of its requests
      for (let at = data.indexOf(END); at >= 0; at = data.indexOf(END, at + 4)) socket.write(canned);
    } else for (let at = data.indexOf(END); at >= 0; at = data.indexOf(END, at + 4)) answer(socket);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

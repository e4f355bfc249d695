// The target of soak.js: answers, and does wrong on a schedule; its own record is what the run is held against.
import { createServer } from 'node:http';

const BODY = JSON.stringify({ text: 'x'.repeat(20_000) });
/** Within each cycle: from second, to second, what. Calm is what is left, and calm are the first and last seconds. */
export const CYCLE_S = 20;
const FAULTS = [
  [5, 6.5, 'errors'],
  [8, 9.5, 'stalls'],
  [11, 12.5, 'resets'],
];
const RESTART_AT_S = 14;
const DOWN_MS = 1_500;

export class SoakTarget {
  /** What it did to requests, by what the client must have made of them. */
  counts = { ok: 0, status: 0, timeout: 0, reset: 0 };
  restarts = 0;
  #port = 0;
  #server = undefined;
  #timer = undefined;
  #beganAt = 0;
  #restartedCycle = -1;

  async start() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.keepAliveTimeout = 0;
    await new Promise((done) => this.#server.listen(this.#port, '127.0.0.1', done));
    this.#port = this.#server.address().port;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From here on things go wrong. */
  beginFaults() {
    this.#beganAt = performance.now();
    this.#timer = setInterval(() => this.#restartWhenDue(), 100);
  }

  endFaults() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close() {
    this.endFaults();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #fault() {
    if (this.#timer === undefined) return '';
    const second = ((performance.now() - this.#beganAt) / 1_000) % CYCLE_S;
    return FAULTS.find(([from, to]) => second >= from && second < to)?.[2] ?? '';
  }

  async #restartWhenDue() {
    const seconds = (performance.now() - this.#beganAt) / 1_000;
    const cycle = Math.floor(seconds / CYCLE_S);
    if (seconds % CYCLE_S < RESTART_AT_S || cycle === this.#restartedCycle) return;
    this.#restartedCycle = cycle;
    this.restarts++;
    // answers under way are finished, as by a server that is deployed anew
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeIdleConnections();
    await Promise.race([closed, new Promise((done) => setTimeout(done, DOWN_MS))]);
    this.#server.closeAllConnections();
    setTimeout(() => void this.start(), DOWN_MS);
  }

  #answer(request, response) {
    request.resume().once('end', () => {
      const fault = this.#fault();
      if (fault === 'stalls') {
        this.counts.timeout++;
      } else if (fault === 'resets') {
        this.counts.reset++;
        response.writeHead(200, { 'content-length': BODY.length });
        response.write(BODY.slice(0, 5_000), () => request.socket.resetAndDestroy());
      } else if (fault === 'errors') {
        this.counts.status++;
        response.writeHead(500).end('{}');
      } else {
        if (request.url === '/work') this.counts.ok++; // not the health check
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length }).end(BODY);
      }
    });
  }
}

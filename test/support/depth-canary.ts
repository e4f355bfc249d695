const WIDE = Array.from({ length: 100 }, (_, i) => `a${i}`).join(', ');

/**
 * A script that looks, from every depth near the end of the stack, at whatever it catches: where room runs out inside of the engine or of
 * the host, an error of another world may come by. Each of ACTS is done at each depth, and what comes of it is caught in each of WAYS.
 * It prints `OUT` for a thing that does not descend from the script's own Object, and checks that there is none.
 */
export const DEPTH_CANARY = `import { check, http, sleep } from 'stressrun';
const ours = (value) => {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return true;
  for (let at = value; ; ) {
    const above = Object.getPrototypeOf(at);
    if (above === null) return at === Object.prototype;
    at = above;
  }
};
const looked = new Set();
let [overflows, calm] = [0, 0];
const look = (way, value, level = 0) => {
  if (level === 0) { if (value instanceof RangeError) overflows++; else calm++; }
  if (!ours(value) || (value != null && !ours(value.constructor))) { looked.add(way); return; }
  if (level > 2 || value === null || typeof value !== 'object') return;
  for (const key of [...Object.getOwnPropertyNames(value), 'cause', 'errors', 'error', 'suppressed', 'value', 'reason']) {
    let inner;
    try { inner = value[key]; } catch (error) { inner = error; }
    look(way, inner, level + 1);
  }
};
const down = (left, act) => (left === 0 ? act() : down(left - 1, act));
/** The same in few steps: a hundred arguments take as much room as a dozen frames. */
const dive = (left, act, ${WIDE}) => (left === 0 ? act() : dive(left - 1, act, ${WIDE}));
const ACTS = {
  'calls itself': () => { const f = () => f(); return f(); },
  'asks the API wrongly': () => http.get(Symbol('x')),
  'asks the API': () => { const p = http.get('http://'); p.catch(() => 0); return p; },
  'takes a URL apart': () => new URL('http://a/b?c').searchParams.get('c'),
  'wants random bytes': () => crypto.getRandomValues(new Uint8Array(4)),
  'wants the time': () => performance.now(),
  'prints': () => console.log,
  'formats a stack': () => new Error('x', { cause: new Error('y') }).stack,
  'formats a stack of a symbol': () => { const e = new Error('x'); Object.defineProperty(e, 'name', { value: Symbol('n') }); return e.stack; },
  'formats a number': () => (1e21).toLocaleString() + new Intl.DateTimeFormat('en').format(0),
  'matches a text': () => 'aaaa'.replace(/(a)(?<b>a)/gu, (...all) => String(all.at(-1))),
  'writes JSON': () => JSON.stringify({ toJSON() { return { a: [1, { b: 2 }] }; } }),
  'reads JSON': () => JSON.parse('{"a":[1]}', (_, value) => value),
  'copies': () => structuredClone({ a: new Map([[1, { b: 2 }]]) }),
  'sorts': () => [3, 1, 2].sort((a, b) => a - b).map((x) => [x]).flat(),
  'makes a class': () => new (class extends Map { #x = [1]; get() { return this.#x; } })().get(),
};
const RARE = ['calls itself', 'asks the API'];
const WAYS = {
  'a catch': (act) => { try { return act(); } catch (error) { return error; } },
  'a catch that takes apart': (act) => { try { return act(); } catch ({ constructor, message }) { return [constructor, message]; } },
  'a catch in a generator': (act) => [...(function* () { try { yield act(); } catch (error) { yield error; } })()],
  'a generator that is told': (act) => { const g = (function* () { try { yield 1; } catch (error) { yield error; } })(); g.next(); try { act(); } catch (error) { return g.throw(error).value; } },
  'an async function': async (act) => act(),
  'a catch in an async function': async (act) => { try { return await act(); } catch (error) { return error; } },
  'an executor': (act) => new Promise((done) => done(act())),
  'a reaction': (act) => Promise.resolve().then(act),
  'a thenable': (act) => Promise.resolve({ then(done) { done(act()); } }),
  'all settled': (act) => Promise.allSettled([new Promise((done) => done(act())), Promise.resolve({ then() { return act(); } })].slice(0, 1)),
  'any': (act) => Promise.any([new Promise((done) => done(act())).then((x) => { throw x; })]),
  'finally': (act) => new Promise((done) => done(act())).finally(() => act()),
  'an async generator': async (act) => { const seen = []; for await (const x of (async function* () { try { yield act(); } catch (error) { yield error; } })()) seen.push(x); return seen; },
  'an async generator that throws': async (act) => (async function* () { yield act(); })().next(),
  'an async generator inside of another': async (act) => { const seen = []; for await (const x of (async function* () { yield* (async function* () { yield act(); })(); })()) seen.push(x); return seen; },
  'for await of what is not async': async (act) => { for await (const x of (function* () { yield act(); })()) return x; },
  'a getter': (act) => ({ get x() { return act(); } }).x,
  'a comparison': (act) => [2, 1].sort(() => { act(); return 0; }),
  'a text': (act) => \`\${{ toString() { return String(act()); } }}\`,
};
export default async () => {
  const settle = async (way, begin) => {
    let value;
    try { value = begin(); } catch (error) { look(way, error); return; }
    look(way, value);
    if (value === null || typeof value?.then !== 'function') return;
    await value.then((x) => look(way, x), (error) => look(way, error));
    try { look(way, await value); } catch (error) { look(way, error); }
  };
  const fits = (depth) => { try { dive(depth, () => 0); return true; } catch { return false; } };
  // looked for again before every place: what V8 has compiled better takes less room
  let end = 64;
  const findEnd = () => { while (!fits(end)) end--; while (fits(end + 1)) end++; };
  const places = [];
  for (let dives = 96; dives > 16; dives -= 8) places.push([dives, 0]);
  for (let dives = 16; dives >= 0; dives--) for (let steps = 0; steps < 12; steps += 3) places.push([dives, steps]);
  for (const [above, steps] of places) {
    findEnd();
    const dives = end - above;
    for (const [act, run] of Object.entries(ACTS)) {
      if (RARE.includes(act) && steps !== 0) continue;
      const waits = [];
      for (const [way, caught] of Object.entries(WAYS)) waits.push(settle(act + ', ' + way, () => dive(dives, () => down(steps, () => caught(run)))));
      // where room runs out inside of V8's own promises one may never settle; and the watchdog sees an end to it on a busy machine
      await Promise.race([Promise.all(waits), sleep(2)]);
      await sleep(0.001);
    }
  }
  for (const way of looked) console.log('OUT', way);
  console.log('looked at', overflows, calm);
  check(looked.size, { 'nothing of another world came by': (size) => size === 0 });
  check(overflows, { 'the stack did end': (count) => count > 1_000 });
  check(calm, { 'and did not always': (count) => count > 1_000 });
};
`;

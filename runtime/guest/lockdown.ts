/**
 * Freezes what the virtual users of a worker share: every intrinsic object and the script API. What a script does to
 * `Object.prototype`, `JSON.stringify` or `http.get` then reaches nobody, itself included.
 *
 * A frozen prototype has a catch, the "override mistake": assigning `error.name = …` to an object whose frozen prototype has a
 * data property `name` throws. So the properties that classes and libraries do override become accessors that define an own
 * property on assignment.
 * @see https://github.com/endojs/endo/blob/master/packages/ses/README.md for the idea
 */
const OVERRIDDEN: readonly (readonly [prototype: object, names: readonly string[]])[] = [
  [Object.prototype, ['toString', 'toLocaleString', 'valueOf', 'constructor', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable']],
  [Function.prototype, ['toString', 'constructor', 'call', 'apply', 'bind']],
  [Date.prototype, ['toString', 'toJSON', 'valueOf', 'constructor']],
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError].map(
    (type) => [type.prototype, ['name', 'message', 'toString', 'constructor']] as const,
  ),
];

/** Names that vm2 puts there and scripts must not have. */
const REMOVED = ['Buffer', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'VMError', 'console', 'GLOBAL', 'root'];

/**
 * Removes what scripts must not have, then freezes every intrinsic that can be reached, and whatever can be reached from `ours`.
 * @param ours - the script API and the classes of what it hands out
 */
export function lockDown(ours: readonly unknown[]): void {
  for (const name of REMOVED) Reflect.deleteProperty(globalThis, name);
  const intrinsics = reachedFrom([...namedIntrinsics(), ...hiddenIntrinsics()]);
  for (const [prototype, names] of OVERRIDDEN) for (const name of names) repairOverride(prototype, name);
  for (const object of reachedFrom([...intrinsics, ...ours])) Object.freeze(object);
  for (const name of Object.getOwnPropertyNames(globalThis)) sealGlobal(name);
}

/** Always the full descriptor: a partial one would wipe the value in a vm context. */
function sealGlobal(name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (/^VM2_/.test(name) || descriptor === undefined || !descriptor.configurable || !('value' in descriptor)) return;
  Object.defineProperty(globalThis, name, { value: descriptor.value, enumerable: false, writable: false, configurable: false });
}

function namedIntrinsics(): unknown[] {
  return Object.getOwnPropertyNames(globalThis)
    .filter((name) => !/^VM2_/.test(name) && !['globalThis', 'global', 'self', 'window'].includes(name))
    .map((name) => Object.getOwnPropertyDescriptor(globalThis, name)?.value);
}

/** Everything that can be reached over properties and prototypes; what closures and private fields hold cannot. */
function reachedFrom(roots: readonly unknown[]): Set<object> {
  const reached = new Set<object>();
  const waiting = [...roots];
  while (waiting.length > 0) {
    const object = waiting.pop();
    if (object === null || (typeof object !== 'object' && typeof object !== 'function') || object === globalThis || reached.has(object))
      continue;
    reached.add(object);
    waiting.push(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      if (descriptor !== undefined) waiting.push(descriptor.value, descriptor.get, descriptor.set);
    }
  }
  return reached;
}

/** Intrinsics that no global names: iterators, generators, async functions, typed arrays' common parent. Those of async generators are out of reach in here. */
function hiddenIntrinsics(): unknown[] {
  const prototypeOf = Object.getPrototypeOf;
  return [
    prototypeOf(async () => undefined),
    prototypeOf(function* () {
      yield 0;
    }),
    prototypeOf([][Symbol.iterator]()),
    prototypeOf(new Map().entries()),
    prototypeOf(new Set().values()),
    prototypeOf(''[Symbol.iterator]()),
    prototypeOf('a'.matchAll(/a/g)),
    prototypeOf(Uint8Array),
    ...segmentIntrinsics(),
    ...iteratorIntrinsics(),
  ];
}

function segmentIntrinsics(): unknown[] {
  if (typeof Intl === 'undefined') return [];
  const segments = new Intl.Segmenter().segment('a');
  return [Object.getPrototypeOf(segments), Object.getPrototypeOf(segments[Symbol.iterator]())];
}

/** Of iterator helpers, where there are any (Node 22 on). */
function iteratorIntrinsics(): unknown[] {
  const values = [0].values() as { map?: (mapper: (value: number) => number) => unknown };
  const { Iterator: type } = globalThis as { Iterator?: { from?: (object: object) => unknown } };
  const wrapped = type?.from?.({ next: () => ({ done: true, value: undefined }) });
  return [values.map?.((value) => value), wrapped].map((each) => (each === undefined ? undefined : Object.getPrototypeOf(each)));
}

/**
 * Only on the prototypes listed: redefining `next` of an array iterator, `then` of promises or `constructor` of arrays would switch off V8's
 * fast paths for spreading, destructuring and awaiting, in the whole process and not only in here: it tripled the CPU of a request.
 */
function repairOverride(object: object, key: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || !descriptor.configurable || !('value' in descriptor) || !descriptor.writable) return;
  const value: unknown = descriptor.value;
  Object.defineProperty(object, key, {
    get: () => value,
    set(this: unknown, replacement: unknown) {
      if (this === object || this === null || (typeof this !== 'object' && typeof this !== 'function'))
        throw new TypeError(`cannot replace ${key}: it belongs to all virtual users`);
      Object.defineProperty(this, key, { value: replacement, writable: true, enumerable: true, configurable: true });
    },
    enumerable: descriptor.enumerable ?? false,
    configurable: false,
  });
}

import { Module } from 'node:module';

/** What code that broke out of the sandbox would reach for on `process`. */
const PROCESS_PARTS = [
  'binding',
  '_linkedBinding',
  'dlopen',
  'kill',
  '_kill',
  'getBuiltinModule',
  'reallyExit',
  'abort',
  'chdir',
  'setuid',
  'setgid',
  'seteuid',
  'setegid',
  'setgroups',
  'initgroups',
  'umask',
  '_debugProcess',
  '_debugEnd',
  '_startProfilerIdleNotifier',
  'openStdin',
  'loadEnvFile',
  'setSourceMapsEnabled',
  'execve',
  'report',
  'mainModule',
  '_rawDebug',
  'permission',
  '_getActiveHandles',
  '_getActiveRequests',
  'getActiveResourcesInfo',
  'setUncaughtExceptionCaptureCallback',
];
/** Streams of the process: to look at one would open it. */
const STREAMS = ['stdin', 'stdout', 'stderr'];
/** What a Unix socket or a named pipe does to begin: below every way that Node has to one. What is open already only reads and writes. */
const PIPE_PARTS = ['bind', 'listen', 'connect', 'open', 'fchmod'];
const GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'Worker', 'XMLHttpRequest', 'navigator', 'localStorage', 'sessionStorage'];

/**
 * Takes from the worker's own realm what it does not need once it has started, so that an escape from vm2 finds a process without
 * doors: no modules, no environment, no signals to others. One layer of five, not a wall.
 * Call it after everything is loaded; it cannot be undone.
 * @param pipe - Node's inner object of a socket that is a pipe, such as the channel to the coordinator; undefined: Unix sockets stay open to an escape
 */
export function tameProcess(pipe: object | undefined): void {
  const denied = (what: string) => (): never => {
    throw new Error(`${what} is not there in a stressrun worker`);
  };
  // process.exit itself would call the reallyExit that is denied below
  const exit = (process as unknown as { reallyExit(code?: number): never }).reallyExit.bind(process);
  const modules = Module as unknown as Record<string, unknown> & { prototype: object; _cache: Record<string, unknown> };
  const require = requireHarmless(modules.prototype as { require(name: string): unknown });
  for (const name of PROCESS_PARTS)
    if (name in process) lock(process, name, typeof Reflect.get(process, name) === 'function' ? denied(`process.${name}`) : undefined);
  for (const name of STREAMS) lock(process, name, undefined);
  const pipes = pipe === undefined ? undefined : Object.getPrototypeOf(pipe);
  for (const name of PIPE_PARTS) {
    if (!(name in (pipes ?? {}))) continue;
    const deny = denied(`${name} of Unix sockets`);
    lock(pipes, name, name === 'connect' ? connectOnlyTo(() => openSocket, Reflect.get(pipes, name), deny) : deny);
  }
  lock(process, 'exit', denied('process.exit'));
  lock(process, 'env', Object.freeze(Object.create(null)));
  leave = exit;
  for (const key of Object.keys(modules._cache)) Reflect.deleteProperty(modules._cache, key);
  for (const name of ['_load', '_resolveFilename', 'createRequire', '_initPaths', 'register', 'runMain'])
    if (name in modules) lock(modules, name, denied(`Module.${name}`));
  for (const name of ['_compile', 'load']) lock(modules.prototype, name, denied(`Module.prototype.${name}`));
  lock(modules.prototype, 'require', require);
  for (const name of GLOBALS) if (name in globalThis) lock(globalThis, name, undefined);
}

/** Built-in modules that the HTTP client loads when it first needs them: they open no file and start no process. */
const HARMLESS = [
  'assert',
  'stream',
  'util',
  'util/types',
  'buffer',
  'net',
  'tls',
  'events',
  'crypto',
  'zlib',
  'async_hooks',
  'http',
  'dns',
  'diagnostics_channel',
  'url',
  'timers',
  'querystring',
  'perf_hooks',
];

/** `require` with a list of what it gives; everything on it is loaded now. */
function requireHarmless(prototype: { require(name: string): unknown }): (name: string) => unknown {
  const loaded = new Map<string, unknown>();
  for (const name of HARMLESS) loaded.set(name, prototype.require.call(module, `node:${name}`));
  return (name) => {
    const found = loaded.get(String(name).replace(/^node:/, ''));
    if (found === undefined) throw new Error(`${String(name)} is not there in a stressrun worker`);
    return found;
  };
}

type ConnectPipe = (this: object, request: object, path: string) => unknown;

/** Node's `connect` of a pipe, for one path alone. */
function connectOnlyTo(path: () => string | undefined, connect: ConnectPipe, deny: () => never): ConnectPipe {
  return function (request, wanted) {
    // a copy of the text is judged and used: no object may say one thing now and another later
    const asked = `${wanted}`;
    return asked === path() ? Reflect.apply(connect, this, [request, asked]) : deny();
  };
}

let openSocket: string | undefined;
/** The Unix socket of the environment, which the worker may connect to though it is tamed; the first one named stays the only one. */
export function permitSocket(path: string): void {
  openSocket ??= path;
}

function lock(object: object, name: string, value: unknown): void {
  try {
    Object.defineProperty(object, name, { value, writable: false, configurable: false, enumerable: false });
  } catch {
    Reflect.set(object, name, value); // not configurable already: then at least the value, where that goes
  }
}

let leave: (code?: number) => never = process.exit.bind(process);
/** The worker's own way out, which `tameProcess` keeps. */
export function leaveProcess(code: number): never {
  return leave(code);
}

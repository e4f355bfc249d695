/**
 * The globals that a script has inside the sandbox, for projects with neither the DOM's nor Node's types. Where a project has those, they stay
 * in force unchanged: every declaration below then becomes theirs or adds nothing (the pattern of `@types/node`, which does so for the DOM).
 */

// biome-ignore lint/suspicious/noExplicitAny: only whether the name exists is asked
type Present = any;
type HasDomTypes = typeof globalThis extends { onmessage: Present } ? true : false;
type HasNodeTypes = typeof globalThis extends { process: { versions: { node: Present } } } ? true : false;
type HasOtherTypes = HasDomTypes extends true ? true : HasNodeTypes;
// biome-ignore lint/complexity/noBannedTypes: an interface that extends {} is left as it was
type Ours<Members> = HasOtherTypes extends true ? {} : Members;

// Without @types/node these modules do not exist, and then nothing below asks for them.
// biome-ignore-start lint/suspicious/noTsIgnore: an expected error would be wrong where @types/node is there
// @ts-ignore
type NodeUrl = typeof import('node:url').URL;
// @ts-ignore
type NodeSearchParams = typeof import('node:url').URLSearchParams;
// @ts-ignore
type NodeTextEncoder = typeof import('node:util').TextEncoder;
// @ts-ignore
type NodeTextDecoder = typeof import('node:util').TextDecoder;
// @ts-ignore
type NodeCrypto = typeof import('node:crypto').webcrypto;
// @ts-ignore
type NodePerformance = typeof import('node:perf_hooks').performance;
// @ts-ignore
type TimerId = HasDomTypes extends true ? number : HasNodeTypes extends true ? NodeJS.Timeout : number;
// biome-ignore-end lint/suspicious/noTsIgnore: as above

type Bytes = ArrayBuffer | ArrayBufferView;

interface SandboxConsole {
  debug(...values: unknown[]): void;
  error(...values: unknown[]): void;
  info(...values: unknown[]): void;
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
}

interface SandboxUrl {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}

interface SandboxSearchParams {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  entries(): IterableIterator<[string, string]>;
  forEach(callback: (value: string, name: string, parent: URLSearchParams) => void): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  keys(): IterableIterator<string>;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

interface SandboxTextEncoder {
  /** Always 'utf-8'. */
  readonly encoding: string;
  encode(text?: string): Uint8Array;
  /** Writes as many whole characters as fit. */
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

interface SandboxTextDecoder {
  readonly encoding: string;
  decode(bytes?: Bytes): string;
}

type Digest = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
interface SandboxKey {
  readonly type: string;
  readonly extractable: boolean;
}
interface SandboxCrypto {
  /** Fills it and returns it; at most 65,536 bytes a call. */
  getRandomValues<Target extends ArrayBufferView>(target: Target): Target;
  randomUUID(): string;
  readonly subtle: {
    digest(algorithm: Digest | { name: Digest }, bytes: Bytes): Promise<ArrayBuffer>;
    importKey(
      format: 'raw',
      bytes: Bytes,
      algorithm: { name: 'HMAC'; hash: Digest | { name: Digest } },
      extractable: boolean,
      usages: readonly ('sign' | 'verify')[],
    ): Promise<SandboxKey>;
    sign(algorithm: 'HMAC' | { name: 'HMAC' }, key: SandboxKey, bytes: Bytes): Promise<ArrayBuffer>;
    verify(algorithm: 'HMAC' | { name: 'HMAC' }, key: SandboxKey, signature: Bytes, bytes: Bytes): Promise<boolean>;
  };
}

interface SandboxPerformance {
  /** Milliseconds since the run began. */
  now(): number;
}

type UrlConstructor = {
  prototype: URL;
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
};
type SearchParamsInit = string | URLSearchParams | Record<string, string> | readonly (readonly [string, string])[];
type SearchParamsConstructor = { prototype: URLSearchParams; new (init?: SearchParamsInit): URLSearchParams };
type TextEncoderConstructor = { prototype: TextEncoder; new (): TextEncoder };
type TextDecoderConstructor = {
  prototype: TextDecoder;
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder;
};

declare global {
  interface Console extends Ours<SandboxConsole> {}
  interface URL extends Ours<SandboxUrl> {}
  interface URLSearchParams extends Ours<SandboxSearchParams> {}
  interface TextEncoder extends Ours<SandboxTextEncoder> {}
  interface TextDecoder extends Ours<SandboxTextDecoder> {}

  var console: Console;
  var URL: typeof globalThis extends { onmessage: Present; URL: infer Theirs }
    ? Theirs
    : HasNodeTypes extends true
      ? NodeUrl
      : UrlConstructor;
  var URLSearchParams: typeof globalThis extends { onmessage: Present; URLSearchParams: infer Theirs }
    ? Theirs
    : HasNodeTypes extends true
      ? NodeSearchParams
      : SearchParamsConstructor;
  var TextEncoder: typeof globalThis extends { onmessage: Present; TextEncoder: infer Theirs }
    ? Theirs
    : HasNodeTypes extends true
      ? NodeTextEncoder
      : TextEncoderConstructor;
  var TextDecoder: typeof globalThis extends { onmessage: Present; TextDecoder: infer Theirs }
    ? Theirs
    : HasNodeTypes extends true
      ? NodeTextDecoder
      : TextDecoderConstructor;
  var crypto: typeof globalThis extends { onmessage: Present; crypto: infer Theirs }
    ? Theirs
    : HasNodeTypes extends true
      ? NodeCrypto
      : SandboxCrypto;
  var performance: typeof globalThis extends { onmessage: Present; performance: infer Theirs }
    ? Theirs
    : HasNodeTypes extends true
      ? NodePerformance
      : SandboxPerformance;

  function setTimeout<Args extends unknown[]>(callback: (...args: Args) => void, ms?: number, ...args: Args): TimerId;
  function setInterval<Args extends unknown[]>(callback: (...args: Args) => void, ms?: number, ...args: Args): TimerId;
  function clearTimeout(id: TimerId | undefined): void;
  function clearInterval(id: TimerId | undefined): void;
  function queueMicrotask(callback: () => void): void;
  /** Text of Latin-1 characters from base64. */
  function atob(base64: string): string;
  /** Base64 of a text of Latin-1 characters. */
  function btoa(text: string): string;
  function structuredClone<T>(value: T): T;
}

export {};

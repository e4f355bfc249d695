import type { BodyEncoding, RequestRules } from './plan.ts';
import type { HttpClientName } from './reach-plan.ts';

/** What scripts are told of a scenario of the plan. */
export interface GuestScenario {
  readonly name: string;
  /** Exported function that its iterations call. */
  readonly exec: string;
  readonly executor: string;
  readonly users: number;
  readonly vuOffset: number;
  /** ms since the run began. */
  readonly startMs: number;
  /** To the planned end; of iterations, the most it may take. */
  readonly durationMs: number;
  /** In all; 0 when only time ends it. */
  readonly iterations: number;
  /** Variables of its own, over those of the run. */
  readonly env: Readonly<Record<string, string>>;
}

/** What every VU of a worker shares. */
export interface GuestSettings {
  seed: number;
  usersTotal: number;
  isStrict: boolean;
  usesContext: boolean;
  /** In the order of the plan; empty before there is one. */
  scenarios: readonly GuestScenario[];
  /** Of the environment and the script's options. */
  requests: RequestRules;
  /** What sends the requests: undici cannot do all of it. */
  httpClient: HttpClientName;
  /** How bodies of requests may be compressed: zstd only where Node has it. */
  bodyEncodings: readonly BodyEncoding[];
  config: unknown;
  environment: { name: string; base_url: string; truth: string; production: boolean };
  env: Readonly<Record<string, string>>;
  logsPerVu: number;
  /** Four 32-bit numbers that tell this worker's activity table from all other memory, and how many users it has room for. */
  activity: { readonly magic: readonly number[]; readonly rows: number };
  /** Whether the script names `globalThis` or another name of it. */
  usesGlobalObject: boolean;
  /** Whether the script may call `res.fail()`: then no answer is counted before its user goes on. */
  judgesAnswers: boolean;
  /** Tasks of a mix that are left in: by their tags, empty lists leave all. */
  taskTags: { readonly only: readonly string[]; readonly except: readonly string[] };
}

/** What a script declares, read after module level has run. */
export interface ScriptDeclaration {
  exportNames: string[];
  /** JSON value of `export const options`; undefined when there is none. */
  options: unknown;
  metrics: { name: string; type: string; unit: string }[];
  taskNames: string[];
  /** Weights of the tasks of its mix, by name; empty without one. */
  taskWeights: Record<string, number>;
}

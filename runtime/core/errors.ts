/** Exit codes of the command line; numbers never change. The README has the table, docs/troubleshooting.md the causes and what to do. */
export const EXIT = {
  passed: 0,
  thresholdMissed: 99,
  setupTimedOut: 100,
  teardownTimedOut: 101,
  badInput: 104,
  interrupted: 105,
  scriptThrew: 107,
  aborted: 108,
  testFailed: 110,
  inconclusive: 111,
  degraded: 112,
  unkept: 113,
  unhealthy: 114,
  runaway: 115,
} as const;

/** Exit code of what is no outcome of a run but a fault of stressrun itself, or of how it was installed. */
export const EXIT_OWN_FAULT = 1;

/** What an error becomes between processes and machines; `postMessage` would lose its class and own fields. */
export interface ErrorFields {
  code: string;
  message: string;
  stack?: string;
  hint?: string;
}

interface ErrorOptions {
  /** One line: what to do about it. */
  hint?: string;
  cause?: unknown;
}

/** The root of everything stressrun throws. Match on `code`, never on the text. */
export abstract class StressrunError extends Error {
  abstract readonly code: `SR_${string}`;
  abstract readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }

  toFields(): ErrorFields {
    return {
      code: this.code,
      message: this.message,
      ...(this.stack === undefined ? {} : { stack: this.stack }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    };
  }
}

/** What a user wrote (config, flags, script options, thresholds) cannot be used; exit code 104. */
export class ConfigError extends StressrunError {
  readonly code = 'SR_CONFIG';
  readonly exitCode = EXIT.badInput;
  /** Key path or flag, such as `test_profiles.smoke.users` or `--users`. */
  readonly where: string;

  constructor(where: string, problem: string, options: ErrorOptions = {}) {
    super(shortened(where === '' ? problem : `${where}: ${problem}`), options);
    this.where = where;
  }
}

const QUOTED_LENGTH_MAX = 300;

/** What was typed is quoted as it came, but not all of it: nobody reads a megabyte. */
function shortened(text: string): string {
  if (text.length <= QUOTED_LENGTH_MAX) return text;
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, (quoted) =>
    quoted.length <= QUOTED_LENGTH_MAX ? quoted : `${quoted.slice(0, QUOTED_LENGTH_MAX)}…"`,
  );
}

/** The user's script threw, or cannot be run; 107 unless it could not even be bundled (104) or ran away (115). */
export class ScriptError extends StressrunError {
  readonly code = 'SR_SCRIPT';
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? EXIT.scriptThrew;
  }
}

/** A worker or agent is lost or speaks nonsense. */
export class ClusterError extends StressrunError {
  readonly code = 'SR_CLUSTER';
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? EXIT.degraded;
  }
}

/** The target is not healthy and the configuration says that this ends the run; exit code 114. */
export class UnhealthyError extends StressrunError {
  readonly code = 'SR_UNHEALTHY';
  readonly exitCode = EXIT.unhealthy;
}

/** An invariant of stressrun itself broke: our fault. */
export class BugError extends StressrunError {
  readonly code = 'SR_BUG';
  readonly exitCode = EXIT_OWN_FAULT;
}

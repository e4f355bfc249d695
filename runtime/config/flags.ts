/** What was typed for a run, as read from the command line and STRESSRUN_* variables; nothing is resolved yet. */
export interface RunFlags {
  /** Path of the script as typed. */
  script: string;
  config?: string;
  /** Name of the environment (`-e NAME` or `--env NAME`). */
  environment?: string;
  baseUrl?: string;
  profile?: string;
  users?: string;
  duration?: string;
  iterations?: string;
  /** `--stage 30s:10`, in order. */
  stages?: readonly string[];
  rate?: string;
  isOnce?: boolean;
  seed?: string;
  workers?: string;
  /** `-e KEY=VALUE`. */
  variables?: Readonly<Record<string, string>>;
  /** `--tag k=v`. */
  tags?: Readonly<Record<string, string>>;
  scenarios?: readonly string[];
  /** `--set key.path=VALUE`, in order. */
  sets?: readonly string[];
  /** `--threshold max_p95=2s`, in order. */
  thresholdTexts?: readonly string[];
  /** Tags of the tasks of a mix: only those with one of the first, none with one of the second. */
  onlyTags?: readonly string[];
  exceptTags?: readonly string[];
  /** Tags that the reports have a table for, in place of `reports.by`. */
  by?: readonly string[];
  allowProduction?: readonly string[];
  onInconclusive?: string;
  isStrict?: boolean;
  httpDebug?: string;
  /** `-o KIND=TARGET`, in order. */
  outs?: readonly string[];
  /** Weights in place of `test_mix`, of a form. */
  mix?: Readonly<Record<string, number>>;
  /** Short thresholds of a form, as text by key, in place of those of the configuration: see `withOverrides`. */
  thresholds?: Readonly<Record<string, string>>;
}

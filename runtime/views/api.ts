/**
 * What the web UI's server and its pages say to each other, as JSON under `/api/v1`: the types of `api/`, where each is a schema with its words, and `api/operations.ts`
 * has all operations. Times are Unix ms or seconds since the run began as the name says; latencies are ms. The pages import types and nothing else of it.
 */
import type { z } from 'zod';
import type * as forms from './api/forms.ts';
import type * as live from './api/live.ts';
import type * as parts from './api/parts.ts';
import type * as runs from './api/runs.ts';
import type * as start from './api/start.ts';

export type ApiError = z.output<typeof parts.apiError>;
export type RunState = z.output<typeof parts.runState>;

export type StartForm = z.output<typeof forms.startForm>;
export type EditForm = z.output<typeof forms.editForm>;

export type Status = z.output<typeof start.status>;
export type Options = z.output<typeof start.options>;
export type PlanScenario = z.output<typeof start.planScenario>;
export type PlanView = z.output<typeof start.planView>;

export type RunEntry = z.output<typeof runs.runEntry>;
export type Comparison = z.output<typeof runs.comparison>;
export type TrendPoint = z.output<typeof runs.trendPoint>;

export type LiveRow = z.output<typeof live.liveRow>;
export type UncountedLine = z.output<typeof live.uncountedLine>;
export type WorkerRow = z.output<typeof live.workerRow>;
export type LiveState = z.output<typeof live.liveState>;
export type LogLine = z.output<typeof live.logLine>;
export type Edit = z.output<typeof live.edit>;
export type LiveEvent = z.output<typeof live.liveEvent>;
export type RunView = z.output<typeof live.runView>;

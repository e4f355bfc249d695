import { z } from 'zod';
import { baselineForm, editForm, startForm, stopForm } from './forms.ts';
import { edit, runView } from './live.ts';
import { comparison, runEntry, trendPoint } from './runs.ts';
import { options, planView, status } from './start.ts';

/** Where the API lies. */
export const API_PATH = '/api/v1';

/** What can be asked of the server. Each is answered by a handler of its name, its body is checked by its schema, and the OpenAPI document is made of it. */
export interface Operation {
  readonly does: string;
  readonly body?: z.ZodType;
  /** Status and schema of the answer; no schema: no JSON. */
  readonly answer: readonly [status: 200 | 201 | 202, schema?: z.ZodType];
  readonly query?: readonly string[];
  /** Statuses of an `ApiError`. */
  readonly refusals?: readonly number[];
}

/** By method and path below {@link API_PATH}; `{id}` may be `current`. */
export const OPERATIONS = {
  'get /options': { does: 'What a run can be started with.', answer: [200, options], refusals: [422] },
  'get /status': { does: 'Which run there is: the live one, or the last.', answer: [200, status] },
  'post /plan': {
    does: 'What a form comes to; nothing is started.',
    body: startForm,
    answer: [200, planView],
    refusals: [403, 409, 422],
  },
  'post /runs': {
    does: 'Starts a run. 403: production, and its name was not given in allowProduction, or by a client without the token.',
    body: startForm,
    answer: [201, z.object({ id: z.string() })],
    refusals: [403, 409, 422],
  },
  'get /runs': { does: 'All runs, newest first.', answer: [200, z.array(runEntry)] },
  'get /runs/{id}': {
    does: 'A whole run so far; `current` is the live or last one.',
    answer: [200, runView],
    refusals: [404],
  },
  'get /runs/{id}/events': {
    does: 'Server-sent events, each a LiveEvent, numbered by `id:`; goes on after Last-Event-ID or `after`. 204: the run is over and all was sent.',
    answer: [200],
    query: ['after'],
    refusals: [404, 410],
  },
  'post /runs/{id}/edit': {
    does: 'Changes users or rate of the live run; it is exploratory from then on.',
    body: editForm,
    answer: [202, edit],
    refusals: [404, 409, 422],
  },
  'post /runs/{id}/stop': {
    does: 'Ends the live run: `graceful` lets running iterations end, `now` interrupts them.',
    body: stopForm,
    answer: [202, z.object({})],
    refusals: [404, 409],
  },
  'post /runs/{id}/reset': {
    does: 'Begins the statistics on display anew: rows, checks, failures. Verdict, reports and files are over the whole run.',
    body: z.object({}),
    answer: [202, z.object({})],
    refusals: [404, 409],
  },
  'get /runs/{id}/files/{name}': {
    does: 'A file of the run folder.',
    answer: [200],
    query: ['download'],
    refusals: [404],
  },
  'post /runs/{id}/baseline': {
    does: 'Keeps a run as a baseline. 409: it is exploratory, or did not pass.',
    body: baselineForm,
    answer: [201, z.object({})],
    refusals: [404, 409, 422],
  },
  'get /compare': {
    does: 'Runs side by side; `runs` are ids with commas between, the first is the base.',
    answer: [200, comparison],
    query: ['runs'],
    refusals: [404, 422],
  },
  'get /trend': {
    does: 'Runs of a script under a profile, oldest first.',
    answer: [200, z.array(trendPoint)],
    query: ['script', 'profile'],
  },
} as const satisfies Record<string, Operation>;

export type Operations = typeof OPERATIONS;
export type OperationName = keyof Operations;

/** What is answered as JSON; `never`: something else. */
export type AnswerOf<Name extends OperationName> = Operations[Name]['answer'] extends readonly [number, infer Schema extends z.ZodType]
  ? z.output<Schema>
  : never;

/** What is sent; `undefined`: nothing. */
export type BodyOf<Name extends OperationName> = Operations[Name] extends { readonly body: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

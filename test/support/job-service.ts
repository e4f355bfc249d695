import type { TargetServer } from './target-server.ts';
import { startTarget } from './target-server.ts';

/** A service as FastAPI makes them: a token for a form, uploads that become jobs, a limit of requests, jobs that take a while. */
export interface JobService extends TargetServer {
  /** Uploads that were taken. */
  readonly jobs: ReadonlySet<string>;
}

const TOKEN = 'token-of-the-service';
/** Looks at a job until it is done. */
const LOOKS = 3;
const JOBS_MAX = 100;

/** Every fourth upload is 429 with `Retry-After: 1`; a job is done at the third look at it. */
export async function startJobService(): Promise<JobService> {
  const jobs = new Set<string>();
  const looks = new Map<string, number>();
  const isIn = (authorization: string | undefined): boolean => authorization === `Bearer ${TOKEN}`;
  const refused = { status: 401, body: '{"detail":"Not authenticated"}' };
  const ofJobs = Object.fromEntries(
    Array.from({ length: JOBS_MAX }, (_, id) => [
      `/jobs/${id}`,
      {
        answer: ({ headers }: { headers: { authorization?: string } }) => {
          if (!isIn(headers.authorization)) return refused;
          const seen = (looks.get(String(id)) ?? 0) + 1;
          looks.set(String(id), seen);
          return { body: JSON.stringify(seen < LOOKS ? { state: 'running' } : { state: 'done', predictions: [{ class: 'cat' }] }) };
        },
      },
    ]),
  );
  const target = await startTarget({
    ...ofJobs,
    '/token': {
      answer: ({ method }) =>
        method === 'POST' ? { body: JSON.stringify({ access_token: TOKEN, token_type: 'bearer' }) } : { status: 405 },
    },
    '/upload': {
      answer: ({ serial, headers, bodyBytes }) => {
        if (!isIn(headers.authorization)) return refused;
        if (serial % 4 === 0) return { status: 429, headers: { 'retry-after': '1' }, body: '{"detail":"Too Many Requests"}' };
        if (bodyBytes < 1_000) return { status: 422, body: '{"detail":"no file"}' };
        const id = String(jobs.size);
        jobs.add(id);
        return { status: 202, body: JSON.stringify({ id }) };
      },
    },
  });
  return { ...target, jobs };
}

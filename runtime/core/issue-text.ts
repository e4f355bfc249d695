import type { z } from 'zod';

/** What is wrong with a file of ours, for people: where in it, what was expected and what came. */
export function issueText(error: z.ZodError, whole: string): string {
  const issue = error.issues[0];
  const words = (issue?.message ?? 'unusable')
    .replace(/^Invalid (?:input|option): /, '')
    .replace('received undefined', 'got nothing')
    .replace('received ', 'got ');
  return `${issue?.path.join('.') || whole}: ${words}`;
}

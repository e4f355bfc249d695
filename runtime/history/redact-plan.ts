import { isSecretName } from '../core/credentials.ts';
import type { RunPlan } from '../core/plan.ts';
import { REDACTED, type Redactor } from '../core/redactor.ts';

/** `user:password@` of a URL. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi;

/**
 * The plan as it may be kept: values of names that look like a secret, TLS keys, passwords in URLs, and the values of
 * secrets wherever they stand in a text are replaced by `[redacted]`. The given plan is not changed.
 */
export function redactPlan(plan: RunPlan, redactor: Redactor): RunPlan {
  const cleaned = (text: string): string => redactor.text(text).replace(USER_INFO, `$1${REDACTED}@`);
  return redacted(plan, { textOf: cleaned, cleaned }) as RunPlan;
}

interface Rules {
  /** What becomes of a text here: cleaned, or hidden under a name that looks like a secret. */
  readonly textOf: (text: string) => string;
  readonly cleaned: (text: string) => string;
}

function redacted(value: unknown, rules: Rules): unknown {
  if (typeof value === 'string') return rules.textOf(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, rules));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner, rulesFor(key, rules))]));
}

/** `kind` tells the members of a union apart, such as basic and bearer auth: it is no secret even there. */
function rulesFor(key: string, { textOf, cleaned }: Rules): Rules {
  if (key === 'kind') return { textOf: cleaned, cleaned };
  return { textOf: isSecretName(key) ? hide : textOf, cleaned };
}

function hide(text: string): string {
  return text === '' ? '' : REDACTED;
}

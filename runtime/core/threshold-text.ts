import { parseThresholdKey, partsOfExpression } from './threshold.ts';
import { type Asked, wordsIn } from './threshold-asked.ts';

/** Subjects of short forms that are no metric. */
const FORMS: Readonly<Record<string, { metric: string; form: NonNullable<Asked['form']> }>> = {
  'successful requests': { metric: 'http_reqs', form: 'rps' },
  'failed checks': { metric: 'checks', form: 'failed-checks' },
};

/**
 * What a threshold asks, out of its text: for files of older versions, which have nothing else: what cannot be read in it is left empty.
 * @param limit - of the result
 */
export function askedIn(expression: string, limit: number): Asked {
  const words = wordsIn(expression);
  const { statistic = '', comparison = '<=', window } = partsOfExpression(words.condition) ?? {};
  return {
    ...words,
    ...selectorIn(words.subject),
    statistic,
    comparison,
    ...(window?.kind === 'share' ? {} : { limit }),
    ...(window === undefined ? {} : { window }),
  };
}

function selectorIn(subject: string): Pick<Asked, 'metric' | 'tags' | 'form'> {
  const [name = ''] = subject.split('{');
  const { metric = name.trim(), ...form } = FORMS[name] ?? {};
  try {
    return { metric, tags: parseThresholdKey('', `x_${subject.slice(name.length)}`).tags, ...form };
  } catch {
    return { metric, tags: {}, ...form }; // a task of this name would have to be in quotes, which older versions did not write
  }
}

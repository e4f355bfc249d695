import { type FormTexts, pairsIn } from './form-texts.ts';

/** What is wrong with one field, or with none of them. */
export interface FormFault {
  /** `users`, `thresholds.max_p95`; undefined: of no field. */
  readonly field: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Where an answer's fault may lie → the field that shows it; whatever else is named by its own key. */
const FIELD_OF: readonly (readonly [where: RegExp, field: string])[] = [
  [/^--(users|rate|duration|profile)$/, '$1'],
  [/^(users|rate|duration|stages|scenarios|tags|variables|script|environment|profile)(?:\..*)?$/, '$1'],
  [/^--stage$/, 'stages'],
  [/^--scenario$/, 'scenarios'],
  [/^--tag$/, 'tags'],
  [/^--env$/, 'environment'],
  [/^environments\.[^.]+\.max_users$/, 'users'],
  [/^environments\.[^.]+\.max_rps$/, 'rate'],
  [/^environments\..*$/, 'environment'],
  [/^test_profiles\..*$/, 'profile'],
  [/^(mix|thresholds)\.(.*)$/, '$1.$2'],
];

/** The fault of an answer, at its field where there is one. @param fields - those that the form has */
export function faultOf(
  { message, hint, where }: { message: string; hint: string | undefined; where: string | undefined },
  fields: ReadonlySet<string>,
): FormFault {
  const found = where === undefined ? undefined : FIELD_OF.find(([pattern]) => pattern.test(where));
  const field = found === undefined || where === undefined ? undefined : where.replace(found[0], found[1]);
  if (field === undefined || !fields.has(field)) return { field: undefined, message, hint };
  const prefix = `${where}: `;
  return { field, message: message.startsWith(prefix) ? message.slice(prefix.length) : message, hint };
}

/** What can be seen before anybody is asked. */
export function typedFault(texts: FormTexts): FormFault | undefined {
  for (const [field, form] of [
    ['variables', 'KEY=VALUE'],
    ['tags', 'name=value'],
  ] as const) {
    const { wrong } = pairsIn(texts[field]);
    if (wrong !== undefined)
      return { field, message: `expected ${form} on each line; got ${JSON.stringify(wrong.trim())}`, hint: undefined };
  }
  return undefined;
}

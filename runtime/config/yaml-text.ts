import { stringify } from 'yaml';

/** Lines are never folded: a script in a block keeps its own. */
const OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Values as YAML documents, one after the other, `---` between them. Texts of several lines are blocks. */
export function yamlDocuments(values: readonly unknown[]): string {
  return values.map((value) => stringify(value, OPTIONS)).join('---\n');
}

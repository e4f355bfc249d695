import type { LoadedConfig } from '../../config/load-config.ts';
import { substitute } from '../../config/variables.ts';
import { readYamlFile } from '../../config/yaml-file.ts';

/** A variable that config.yaml takes something from. */
export interface ConfigVariable {
  readonly name: string;
  /** It has a default. */
  readonly isOptional: boolean;
}

/** The variables of config.yaml that a run against this environment reads, sorted; those of other environments are not among them. */
export function configVariables({ path }: LoadedConfig, environment: string): ConfigVariable[] {
  const tree = path === undefined ? undefined : readYamlFile(path).value;
  if (tree === null || typeof tree !== 'object') return [];
  const { environments, ...rest } = tree as Record<string, unknown>;
  const selected = (environments as Record<string, unknown> | undefined)?.[environment];
  // an environment in which nothing is set, and which remembers what it was asked for
  const asked = new Set<string>();
  const recorder = new Proxy<Record<string, string | undefined>>({}, { get: (_, name) => void asked.add(String(name)) });
  const { problems } = substitute([rest, selected], recorder);
  const lacking = problems.map(({ text }) => /the environment variable (\S+) to be set/.exec(text)?.[1]);
  return [...asked].sort().map((name) => ({ name, isOptional: !lacking.includes(name) }));
}

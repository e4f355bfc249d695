import { agent } from './agent.ts';
import { baseline } from './baseline.ts';
import { check } from './check.ts';
import { cluster } from './cluster.ts';
import type { Command } from './command.ts';
import { compare } from './compare.ts';
import { init } from './init.ts';
import { k8s } from './k8s.ts';
import type { Option } from './option.ts';
import { ANY } from './options/any.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { target } from './target.ts';
import { ui } from './ui.ts';

/** Every command, in the order of the help. `run` is meant when the first word is the path of a script. */
export const COMMANDS = [run, check, report, compare, baseline, target, ui, agent, cluster, init, k8s] as const;
type Each = (typeof COMMANDS)[number];
export type CommandName = Each['name'];

/** What a command is given, by its name. */
export type InputOf = { readonly [C in Each as C['name']]: ReturnType<C['read']> };

/** The flags of a command, in the order of its help. */
export function optionsOf({ options }: Command): readonly Option[] {
  return [...options, ...ANY];
}

/** Every flag once, in the order of the docs. */
export const OPTIONS: readonly Option[] = [...new Set((COMMANDS as readonly Command[]).flatMap(({ options }) => options)), ...ANY];

/** The commands that take a flag. */
export function takersOf(option: Option): readonly CommandName[] {
  return COMMANDS.filter((command) => optionsOf(command).includes(option)).map(({ name }) => name);
}

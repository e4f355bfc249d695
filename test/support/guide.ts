import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli.ts';

interface Block {
  readonly language: string;
  readonly text: string;
}

/** A stressrun command of a guide. */
interface GuideCommand {
  /** As it stands there. */
  readonly line: string;
  /** Without `npx stressrun`, comment and redirection. */
  readonly words: readonly string[];
  /** What the comment behind it says it ends with: `# ends with 99`; 0 unless it says so. */
  readonly exitCode: number;
  /** File that its output goes to. */
  readonly into: string | undefined;
}

/** The blocks of code of a document, in their order. */
export function blocksOf(document: string): Block[] {
  const text = readFileSync(join(REPOSITORY, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, text: code }));
}

/** Files that a guide shows: blocks whose first line is a comment with their path, by that path. A CSV goes without the line, for it knows no comments. */
export function filesOf(document: string): Record<string, string> {
  const named = blocksOf(document).flatMap(({ language, text }) => {
    const path = /^(?:\/\/|#) (\S+\.\w+)/.exec(text)?.[1];
    return path === undefined ? [] : [[path, language === 'csv' ? text.slice(text.indexOf('\n') + 1) : text] as const];
  });
  return Object.fromEntries(named);
}

/** The stressrun commands of a text. */
export function commandsIn(text: string): GuideCommand[] {
  return [...text.matchAll(/^ *npx stressrun (.*)$/gm)].map(([line, rest = '']) => {
    const [, command = '', into] = /^(.*?)(?:\s+>\s+(\S+))?$/.exec(rest.replace(/\s+#.*$/, '')) ?? [];
    return {
      line: line.trim(),
      words: [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''),
      exitCode: Number(/#.*\bends with (\d+)/.exec(rest)?.[1] ?? 0),
      into,
    };
  });
}

/** The commands of a document's `sh` blocks. */
export function commandsOf(document: string): GuideCommand[] {
  return blocksOf(document).flatMap(({ language, text }) => (language === 'sh' ? commandsIn(text) : []));
}

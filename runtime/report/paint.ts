import { styleText } from 'node:util';

/** Colors of the terminal, or none at all: every function then gives its text back. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
  /** Of a run that nothing was judged of. */
  unjudged(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** @param isColor decided by the caller: a terminal, no NO_COLOR, no --no-color */
export function paintOf(isColor: boolean): Paint {
  const style =
    (format: 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold') =>
    (text: string): string =>
      isColor ? styleText(format, text, { validateStream: false }) : text;
  return {
    good: style('green'),
    bad: style('red'),
    unsure: style('yellow'),
    unjudged: style('cyan'),
    dim: style('dim'),
    bold: style('bold'),
  };
}

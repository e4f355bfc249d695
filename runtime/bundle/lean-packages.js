// What packages do when they are loaded and no run has a use for, left for later or out. Used by build.js.
import { readFileSync } from 'node:fs';

/** A segmenter loads its tables when it is made, 3 to 15 ms; terminals with plain text never ask it anything. */
const SEGMENTER = /^const (\w+) = new Intl\.Segmenter\((.*)\);$/m;

/** So does an expression over all emoji when it is compiled, 12 ms. */
const EMOJI = /^const (\w+) = (\/\^\\p\{RGI_Emoji\}\$\/v);$/m;
/** And a formatter of numbers, 6 ms, for logs that are written at the end of a run. */
const FORMATTER = /^const (\w+) = (\(0, formatters_1\.floatFormatter\)\(5, 3\));$/m;

/**
 * Loads less at each start: what packages for terminals and for logs make of tables of the language is made when it is first asked for, and of zod's messages only
 * the English ones are there. The build fails when a package is no longer as this knows it.
 */
export const leanPackages = {
  name: 'lean-packages',
  setup(build) {
    build.onLoad({ filter: /[\\/](string-width[\\/]index|wrap-ansi[\\/]index|slice-ansi[\\/]tokenize-ansi)\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('Intl.Segmenter')) return undefined;
      const contents = text
        .replace(SEGMENTER, 'let made; const $1 = { segment: (text) => (made ??= new Intl.Segmenter($2)).segment(text) };')
        .replace(EMOJI, 'let emoji; const $1 = { test: (text) => (emoji ??= $2).test(text) };');
      return contents === text || EMOJI.test(contents) ? unknown(path) : { contents, loader: 'js' };
    });
    build.onLoad({ filter: /[\\/]hdr-histogram-js[\\/]dist[\\/]HistogramLogWriter\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(FORMATTER, 'let formatter; const $1 = (value) => (formatter ??= $2)(value);');
      return contents === text ? unknown(path) : { contents, loader: 'js' };
    });
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

function unknown(path) {
  return { errors: [{ text: `${path} is not as lean-packages.js knows it` }] };
}

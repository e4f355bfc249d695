import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const TOP = resolve(import.meta.dirname, '../../..');
/** What we wrote for people: not what a run or a test makes, nor what a golden test compares with. */
const documents = ['.', 'bench', 'deploy', 'docs', 'examples', 'runtime', 'scripts', 'test']
  .flatMap((folder) => readdirSync(join(TOP, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((path) => join(folder, path)))
  .filter((path) => path.endsWith('.md') && !/(^|\/)(golden|results|runs)\//.test(path));

const textOf = (path: string): string => readFileSync(join(TOP, path), 'utf8');

/** A document without its blocks and spans of code. */
const proseOf = (path: string): string =>
  textOf(path)
    .replace(/^( *)```[\s\S]*?^\1```$/gm, '')
    .replace(/`[^`\n]*`/g, '');

/** What a heading is called in an address, as code hosts make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

/** The links of a document that lead nowhere. */
function deadLinksOf(path: string): string[] {
  const links = [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link));
  return links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : relative(TOP, join(TOP, dirname(path), file));
    return !existsSync(join(TOP, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
}

test.each(documents)('every link of %s leads to a file or a heading that is there', (path) => {
  expect(deadLinksOf(path)).toEqual([]);
});

test('every guide in docs/ is reached from the README', () => {
  const linked = [...proseOf('README.md').matchAll(/\]\((docs\/[^)#\s]+)/g)].map(([, link]) => link);
  expect(documents.filter((path) => path.startsWith('docs/') && !linked.includes(path))).toEqual([]);
});

test('the README is at most 200 lines of at most 160 characters', () => {
  const lines = textOf('README.md').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(200);
  expect(lines.filter((line) => line.length > 160)).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

interface ProjectInput {
  readonly deployFolder: string;
  /** Folder of the new repository; gives it its name. */
  readonly root: string;
  /** What npm installs stressrun from. */
  readonly spec: string;
}

/** Versions that were tried together. */
const TOOLS = { eslint: '9.39.5', typescript: '6.0.3', 'typescript-eslint': '8.73.0' } as const;

/** The files of a new repository: path with `/` → text. Those with something to fill in are made here, the others are copied from `deploy/`. */
export function projectFiles({ deployFolder, root, spec }: ProjectInput): Map<string, string> {
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return new Map([
    ['package.json', json(manifestOf(root, spec))],
    ['tsconfig.json', json(COMPILER)],
    ['.vscode/extensions.json', json({ recommendations: ['dbaeumer.vscode-eslint', 'redhat.vscode-yaml'] })],
    ...copied(join(deployFolder, 'init'), ''),
    ...copied(join(deployFolder, 'ci', 'steps'), 'ci/'),
    ...copied(join(deployFolder, 'ci', 'github'), '.github/workflows/'),
  ]);
}

function copied(from: string, to: string): [string, string][] {
  const entries = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1)).sort();
  return names.map((name) => [`${to}${nameInProject(name)}`, readFileSync(join(from, name), 'utf8')]);
}

/** npm leaves files named .gitignore out of packages. */
function nameInProject(name: string): string {
  return name === 'gitignore' ? '.gitignore' : name.replaceAll(sep, '/');
}

function manifestOf(root: string, spec: string): unknown {
  const name = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return {
    name: name === '' || name === 'stressrun' ? 'load-tests' : name,
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      smoke: 'stressrun scripts/example.ts --profile smoke',
      typecheck: 'tsc -p tsconfig.json',
      lint: 'eslint .',
      check: 'npm run lint && npm run typecheck && stressrun check scripts/example.ts --env demo',
    },
    devDependencies: { stressrun: spec, ...TOOLS },
  };
}

/** Scripts run in a sandbox, neither in Node nor in a browser: the types are those of stressrun alone. */
const COMPILER = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022'],
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
    noEmit: true,
    strict: true,
    resolveJsonModule: true,
    skipLibCheck: true,
  },
  include: ['scripts'],
};

import tseslint from 'typescript-eslint';

// Three typed rules only: a lost promise here is a lost sample. Biome does the rest.
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'runs/'] },
  {
    files: ['runtime/**/*.{ts,tsx}', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'examples/**/*.ts'],
    ignores: ['test/fixtures/**', '**/*.d.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: ['./tsconfig.json', './scripts/tsconfig.json', './runtime/report-page/tsconfig.json', './runtime/ui/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
);

import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', 'runs/', 'reports/'] },
  {
    files: ['scripts/**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // a request that nobody awaits is measured at the wrong moment
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
);

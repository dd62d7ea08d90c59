import tseslint from 'typescript-eslint';

/**
 * The import arrows of docs/architecture.md:
 * client -> protocol, engine; server -> protocol, engine; cli -> engine; engine -> nothing of ours.
 */
const packages = ['engine', 'protocol', 'server', 'client', 'cli'];
const arrows = { engine: [], protocol: [], server: ['protocol', 'engine'], client: ['protocol', 'engine'], cli: ['engine'] };

function arrowRule(name) {
  const forbidden = packages.filter((other) => other !== name && !arrows[name].includes(other));
  return {
    files: [`${name}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              // Through the package's own names and by relative paths.
              regex: `^(#|(\\.\\./)+)(${forbidden.join('|')})(/|$)`,
              message: `${name}/ must not import ${forbidden.join(', ')}: see docs/architecture.md.`,
            },
            ...(name === 'client'
              ? []
              : [{ group: ['vscode', 'vscode-languageclient', 'vscode-languageclient/*'], message: 'Only client/ may know VS Code.' }]),
            ...(name === 'server'
              ? []
              : [
                  {
                    group: ['vscode-languageserver', 'vscode-languageserver/*'],
                    message: 'Only server/ may know the language server protocol.',
                  },
                ]),
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', '.tsc/', '.vscode-test/', 'node_modules/', 'test-results/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['engine/**/*.ts'],
    ignores: ['**/*.test.ts', 'engine/databases/postgresql/shadow/worker-main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'exit', message: 'Only a host ends its process.' }],
    },
  },
  ...packages.map(arrowRule),
);

import tseslint from 'typescript-eslint';

/** Libraries that one package alone may know. What the packages may import of each other: scripts/lib/floors.mjs. */
const owners = {
  client: { patterns: ['vscode', 'vscode-languageclient', 'vscode-languageclient/*'], message: 'Only client/ may know VS Code.' },
  server: {
    patterns: ['vscode-languageserver', 'vscode-languageserver/*'],
    message: 'Only server/ may know the language server protocol.',
  },
};

function libraryRule(name) {
  const patterns = Object.entries(owners).flatMap(([owner, { patterns: group, message }]) => (owner === name ? [] : [{ group, message }]));
  return { files: [`${name}/**/*.ts`], ignores: ['**/*.test.ts'], rules: { 'no-restricted-imports': ['error', { patterns }] } };
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
    ignores: ['**/*.test.ts', 'engine/databases/postgresql/shadow/replayer.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'exit', message: 'Only a host ends its process.' }],
    },
  },
  ...['engine', 'protocol', 'server', 'client', 'cli'].map(libraryRule),
);

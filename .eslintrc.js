// ESLint's flat configuration kept under the historical name; eslint.config.mjs re-exports it for editors and plain `eslint`.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const onlyIn = (message) => ({ message });

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      '.longhaul/**',
      'apps/console/src/api/schema.d.ts',
      '**/*.mjs',
      '**/*.cjs',
      '.eslintrc.js',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', ...onlyIn('Only libs/config reads process.env.') },
      ],
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['apps/console/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    languageOptions: {
      parserOptions: { project: './apps/console/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ['apps/console/src/**'],
    ignores: ['apps/console/src/ui/notify.ts', 'apps/console/src/main.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: '@mantine/notifications', ...onlyIn('Only ui/notify.ts shows notifications.') },
      ],
    },
  },
  { files: ['libs/config/**'], rules: { 'no-restricted-properties': 'off' } },
  // A list of texts, not code.
  { files: ['apps/console/src/texts.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['test/**', '**/*.spec.ts', 'apps/cli/**'],
    rules: {
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);

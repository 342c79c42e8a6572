import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Where each folder may import from: one direction, enforced. */
const forbid = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: patterns.map(([group, message]) => ({ group, message })) }] },
});
const toolkit = [
  ['@vscode/webview-ui-toolkit', '@vscode/webview-ui-toolkit/*'],
  'The toolkit is archived upstream: import it in webview/ui only.',
];
const vscode = [['vscode'], 'Only extension/ knows the editor.'];
const nodeBuiltins = [['node:*', 'fs', 'path', 'worker_threads'], 'No Node here: hand it in.'];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.cache/',
      'node_modules/',
      'samples/',
      '*.config.mts',
      '**/*.d.mts',
      '**/*.generated.ts',
      'worker/kernels/*.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'max-lines': ['error', { max: 420, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        __dirname: 'readonly',
      },
    },
    rules: { 'no-console': 'off' },
  },
  forbid(
    ['worker/core/**'],
    [
      vscode,
      toolkit,
      nodeBuiltins,
      [['**/webview/**', '**/extension/**'], 'Core stands alone.'],
      [['preact', 'preact/*', 'd3'], 'Core draws nothing.'],
    ],
  ),
  forbid(
    ['worker/*.{ts,tsx}', 'worker/!(core)/**'],
    [
      vscode,
      toolkit,
      [
        ['**/extension/**', '**/webview/!(charts|figures)/**'],
        'The worker knows neither the editor nor the views (charts and figures excepted).',
      ],
    ],
  ),
  forbid(
    ['webview/charts/**'],
    [
      vscode,
      toolkit,
      nodeBuiltins,
      [
        ['**/worker/**', '**/extension/**', '**/views/**', '**/ui/**'],
        'Charts take plain options and know nothing of the report.',
      ],
    ],
  ),
  forbid(
    ['webview/figures/**'],
    [
      vscode,
      toolkit,
      nodeBuiltins,
      [
        ['**/extension/**', '**/views/**', '**/ui/**'],
        'Figures turn parts of a report into charts, for views and exports alike.',
      ],
    ],
  ),
  forbid(['webview/!(charts|figures|ui)/**', 'webview/*.{ts,tsx}'], [vscode, toolkit, nodeBuiltins]),
  forbid(
    ['extension/**/*.ts'],
    [
      toolkit,
      [['**/webview/**'], 'The host talks to the webview through extension/protocol.'],
      [
        [
          '**/worker/core/lstm/**',
          '!**/worker/core/lstm/persona',
          '**/worker/core/ops/**',
          '**/worker/core/run/**',
          '**/worker/core/quantization/**',
        ],
        'No arithmetic in the extension host (the names of personas are none).',
      ],
    ],
  ),
  { files: ['webview/charts/**', 'webview/figures/**'], rules: { 'no-restricted-globals': ['error', 'document', 'window'] } },
  { files: ['worker/cli.ts', 'worker/cli/**', 'test/**'], rules: { 'no-console': 'off' } },
  prettier,
);

// Layers are dependency-cruiser's business (.dependency-cruiser.cjs); here is what one file may do.
import tseslint from 'typescript-eslint'

const pure = {
  // The engine gets time, ids, randomness, network and files as ports.
  'no-restricted-globals': ['error', 'Date', 'fetch', 'process', 'setTimeout', 'setInterval', 'performance', 'crypto'],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Randomness is a port.' },
    ...['Date', 'performance', 'crypto'].map((property) => ({
      ...{ object: 'globalThis', property, message: 'The clock, ids and randomness are ports.' }
    }))
  ]
}

export default tseslint.config(
  {
    ignores: [
      'out/**',
      'node_modules/**',
      'dist/**',
      'coverage/**',
      'test-results/**',
      'test/fixtures/**',
      'resources/module-types/**'
    ]
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }]
    }
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      // About 50 lines is the aim. One of more than 100 has parts with a name of their own: a state (a hook), a part of the screen (a
      // component), a step. Blank lines and comments do not count, so that nobody saves at those.
      'max-lines-per-function': ['error', { max: 100, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.property.name=/^(push|unshift|splice|max|min|fromCharCode|fromCodePoint)$/] > SpreadElement',
          message: 'A long list overflows the stack as arguments: use src/contract/lists.ts.'
        },
        {
          selector: 'CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name="recursive"]',
          message: 'Never ends where nothing can be made (/proc): use src/host/store/ensure-folder.ts.'
        }
      ]
    }
  },
  { files: ['src/cli/**', 'src/server/**', 'src/main/**'], rules: { 'no-console': 'off' } },
  { files: ['src/engine/**/*.ts', 'src/contract/**/*.ts'], rules: pure },
  {
    files: ['src/renderer/stores/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['react', 'react-dom', '*/views/*', '*/components/*'] }]
    }
  },
  // Python's integers are bigint and number; == compares them by value, === does not.
  { files: ['src/engine/jinja/**/*.ts'], rules: { eqeqeq: 'off' } },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } }
)

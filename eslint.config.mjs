import angular from 'angular-eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

const typescript = ['lib', 'operators', 'marble-specs', 'benchmarks', 'demo-app', 'samples', 'docs/.vitepress'].map(
  (folder) => `${folder}/**/*.ts`,
);

export default defineConfig([
  globalIgnores(['**/dist/', '.examples/', 'coverage/', '.angular/', 'node_modules/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      // A leading underscore marks an argument that the signature requires and the body does not use.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['demo-app/**/*.ts'],
    ignores: ['demo-app/server/**', 'demo-app/e2e/**'],
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      // An Angular component can be an empty class with a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    // Their types are checked by vue-tsc.
    files: ['docs/.vitepress/**/*.vue'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic, vue.configs['flat/essential']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // The names that pages use.
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    files: ['samples/nestjs/**/*.ts'],
    rules: {
      // A module can be an empty class with a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest declares the options of an application as a class, and takes an object.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // The runner waits for what these return.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['describe', 'it'] }] },
      ],
    },
  },
  {
    files: ['demo-app/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
]);

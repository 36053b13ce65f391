import { OptionDefaults } from 'typedoc';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'softgrad',
  entryPoints: ['src/index.ts', 'src/{nn,optim,data,train,io,testing}/index.ts'],
  tsconfig: 'tsconfig.build.json',
  out: 'docs/api',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  // `@file` heads every source file; it is for who reads the file.
  blockTags: [...OptionDefaults.blockTags, '@file'],
  excludeTags: ['@file'],
  treatWarningsAsErrors: true,
};

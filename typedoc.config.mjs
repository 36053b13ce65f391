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
  // Names that only abbreviate a signature inside their own file, and what a user never handles.
  intentionallyNotExported: [
    'src/data/parseIdx.ts:IdxArray',
    'src/io/serializeSafetensors.ts:Named',
    'src/kernels/kernels.ts:Kernels',
    'src/ops/grad.ts:ScalarFunction',
    'src/optim/adam.ts:AdamHyperparameters',
    'src/optim/adam.ts:AdamParameters',
    'src/optim/sgd.ts:SgdHyperparameters',
    'src/tensor/sharedStorage.ts:SharedStorage',
  ],
  treatWarningsAsErrors: true,
};

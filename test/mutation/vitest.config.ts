import { mergeConfig } from 'vitest/config';
import whole from '../../vitest.config.js';

/** The tests that look at operations and reference kernels. */
export default mergeConfig(
  { ...whole, test: { ...whole.test, include: [] } },
  {
    test: {
      include: [
        'test/ops/**/*.test.ts',
        'test/nn/layers.test.ts',
        'test/nn/pooling.test.ts',
        'test/nn/pooling/*.test.ts',
        'test/optim/*.test.ts',
        'test/tensor/*.test.ts',
      ],
      setupFiles: ['test/mutation/failFast.ts'],
      // Thousands of mutants, so fewer cases for each.
      env: { SOFTGRAD_GEOMETRIES: '20' },
    },
  },
);

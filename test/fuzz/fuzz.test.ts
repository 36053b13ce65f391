/** A short run of what `npm run fuzz` does for long. */
import { describe, expect, test } from 'vitest';
import { targets } from './targets/index.js';

const SEED = Number(process.env.SOFTGRAD_SEED ?? 1);

describe('hostile input is read or refused, and nothing else', () => {
  test.each(targets)('$name', async (target) => {
    const cases = Math.min(1000, Math.ceil(target.cases / 100));
    const { failure, ...counts } = await target.run({ cases, seed: SEED });
    const { problem, path, bytes = [] } = failure ?? {};
    const place = `seed ${SEED}, path ${path}, input in base64: ${Buffer.from(bytes).toString('base64')}`;
    expect(problem, place).toBeUndefined();
    expect(counts.cases).toBe(cases);
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(cases / 50);
  });
});

/**
 * @file The version of the lab, which is the library's.
 */
import { createRequire } from 'node:module';
import { z } from 'zod';

const manifest = z.object({ version: z.string() }).parse(createRequire(import.meta.url)('softgrad/package.json'));

export const version = manifest.version;

/**
 * @file Reads a file of reference values by PyTorch from test/fixtures.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSafetensors, type SafetensorsContents } from '../../src/io/parseSafetensors.js';

export function readFixture(name: string): SafetensorsContents {
  const path = fileURLToPath(new URL(`../fixtures/${name}.safetensors`, import.meta.url));
  return parseSafetensors(readFileSync(path), path);
}

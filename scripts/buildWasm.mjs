/**
 * @file Compiles src/kernels/wasm/assembly into src/kernels/wasm/generated.
 *
 * One module per variant (`simd`: multiply + add; `relaxed`: fused multiply-add) from the same sources. Each becomes a
 * TypeScript file that exports the binary as a base64 string, so that Node and every bundler load it without a file path.
 * A variant whose sources have not changed is left alone; `--force` compiles all the same.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const wasmFolder = new URL('../src/kernels/wasm/', import.meta.url);
const sourceFolder = new URL('assembly/', wasmFolder);
const outputFolder = new URL('generated/', wasmFolder);

const variants = { simd: ['simd', 'threads'], relaxed: ['simd', 'threads', 'relaxed-simd'] };

const options = [
  '-O3',
  '--runtime=stub',
  '--noAssert',
  '--sharedMemory',
  '--importMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
];

/** A digest of everything that decides the output: the sources, this script, the compiler's version. */
async function sourceDigest() {
  const hash = createHash('sha256')
    .update(asc.version)
    .update(await readFile(new URL(import.meta.url)));
  for (const name of (await readdir(sourceFolder)).filter((file) => file.endsWith('.ts')).sort()) {
    hash.update(name).update(await readFile(new URL(name, sourceFolder)));
  }
  return hash.digest('hex');
}

/** Compiles one variant and returns its binary; throws with the compiler's messages if that fails. */
async function compile(features) {
  let binary;
  const { error, stderr } = await asc.main(
    ['index.ts', '--outFile=kernels.wasm', ...features.map((feature) => `--enable=${feature}`), ...options],
    {
      readFile: (name) => readFile(new URL(name, sourceFolder), 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`asc: ${error.message}\n${stderr.toString()}`);
  return binary;
}

function moduleText(variant, digest, binary) {
  return `// Written by scripts/buildWasm.mjs, not by hand. Sources: ${digest}
/** The \`${variant}\` variant of the WebAssembly kernels (${binary.length} bytes), base64. */
export const ${variant}Binary =
  '${Buffer.from(binary).toString('base64')}';
`;
}

const digest = await sourceDigest();
await mkdir(outputFolder, { recursive: true });
for (const [variant, features] of Object.entries(variants)) {
  const file = new URL(`${variant}.ts`, outputFolder);
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present.includes(digest) && !process.argv.includes('--force')) continue;
  const binary = await compile(features);
  // Renamed into place, so that whoever reads meanwhile sees the old file or the new one.
  const temporary = new URL(`${variant}.${process.pid}.tmp`, outputFolder);
  await writeFile(temporary, moduleText(variant, digest, binary));
  await rename(temporary, file);
  console.log(`${fileURLToPath(file)}: ${(binary.length / 1024).toFixed(1)} KB`);
}

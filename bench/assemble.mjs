/**
 * @file Compiles AssemblyScript from standard input; prints the binary in base64. Arguments go to the compiler.
 *
 * A process of its own, so that the compiler, itself a large WebAssembly module, shares neither heap nor background threads
 * with what is measured.
 */
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const text = readFileSync(0, 'utf8');
const { error, stderr } = await asc.main(['input.ts', '--outFile=output.wasm', ...process.argv.slice(2)], {
  readFile: (name) => (name === 'input.ts' ? text : null),
  writeFile: (_name, contents) => process.stdout.write(Buffer.from(contents).toString('base64')),
  listFiles: () => [],
});
if (error) throw new Error(`${error.message}\n${stderr.toString()}`);

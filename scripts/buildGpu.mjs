/**
 * @file Turns the kernels of src/kernels/gpu/programs into text, in src/kernels/gpu/generated/programs.ts.
 *
 * gpu.js compiles the text of functions. As written here they have types; as a bundler leaves them they are no longer
 * correct. So they travel as string constants, which every bundler leaves alone.
 */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { readPrograms } from './gpu/readPrograms.mjs';

const gpuFolder = new URL('../src/kernels/gpu/', import.meta.url);
const sourceFolder = new URL('programs/', gpuFolder);
const outputFolder = new URL('generated/', gpuFolder);

const names = (await readdir(sourceFolder)).filter((name) => name.endsWith('.ts')).sort();
const files = await Promise.all(
  names.map(async (name) => ({
    path: `src/kernels/gpu/programs/${name}`,
    text: await readFile(new URL(name, sourceFolder), 'utf8'),
  })),
);
const text = moduleText([...readPrograms(files).values()]);
const output = new URL('programs.ts', outputFolder);
if ((await readFile(output, 'utf8').catch(() => '')) !== text) {
  await mkdir(outputFolder, { recursive: true });
  // Renamed into place, so that whoever reads meanwhile sees the old file or the new one.
  const temporary = new URL(`programs.${process.pid}.tmp`, outputFolder);
  await writeFile(temporary, text);
  await rename(temporary, output);
}

function moduleText(functions) {
  const helpers = functions.filter(({ kind }) => kind === 'helper');
  const kernels = functions.filter(({ kind }) => kind === 'kernel');
  const slots = new Map(functions.filter(({ kind }) => kind === 'slot').map((slot) => [slot.name, slot.parameters]));
  return [
    '// Written by scripts/buildGpu.mjs, not by hand.',
    "import type { Helper, Program } from '../program.js';\n",
    ...calleesFirst(helpers).map((helper) => helperText(helper, slots)),
    ...kernels.map((kernel) => kernelText(kernel, slots)),
  ].join('\n');
}

/** Helpers in an order in which each comes after those that it calls. */
function calleesFirst(helpers) {
  const byName = new Map(helpers.map((helper) => [helper.name, helper]));
  const ordered = new Set();
  const add = (helper) => {
    for (const name of helper.calls) if (byName.has(name) && name !== helper.name) add(byName.get(name));
    ordered.add(helper);
  };
  helpers.forEach(add);
  return [...ordered];
}

function helperText({ name, parameters, calls, source }, slots) {
  const helpers = calls.filter((call) => !slots.has(call)).join(', ');
  return `export const ${name}: Helper = {
  name: '${name}',
  parameters: ${JSON.stringify(parameters)},
  helpers: [${helpers}],
  source: ${JSON.stringify(source)},
};
`;
}

function kernelText(kernel, slots) {
  const { name, inputs, scalars, constants, calls, cellsPerThread, computesIndices, source } = kernel;
  const ownSlots = calls.filter((call) => slots.has(call));
  const union = (members) => members.map((member) => `'${member}'`).join(' | ') || 'never';
  return `export const ${name}: Program<${[inputs, scalars, constants, ownSlots].map(union).join(', ')}> = {
  name: '${name}',
  inputs: ${JSON.stringify(inputs)},
  scalars: ${JSON.stringify(scalars)},
  constants: ${JSON.stringify(constants)},
  slots: ${JSON.stringify(Object.fromEntries(ownSlots.map((slot) => [slot, slots.get(slot)])))},
  helpers: [${calls.filter((call) => !slots.has(call)).join(', ')}],
  cellsPerThread: ${cellsPerThread},
  computesIndices: ${computesIndices},
  source: ${JSON.stringify(source)},
};
`;
}

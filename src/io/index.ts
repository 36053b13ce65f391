/**
 * @file Reading and writing files: the entry point `softgrad/io`.
 */
import '../backends.js';

export { FormatError } from '../errors.js';
export { exportOnnx, type OnnxOptions, saveOnnx } from './exportOnnx.js';
export { type LoadOptions, loadSafetensors } from './loadSafetensors.js';
export { parseSafetensors, type SafetensorsContents, type SafetensorsEntry } from './parseSafetensors.js';
export type { SafetensorsArray, SafetensorsDtype } from './safetensorsDtype.js';
export { saveSafetensors } from './saveSafetensors.js';
export { type SafetensorsInput, serializeSafetensors } from './serializeSafetensors.js';
export { type AtomicWriteOptions, writeFileAtomically } from './writeFileAtomically.js';

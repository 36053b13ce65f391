/**
 * @file `npm run bench:peers`: the same work through other libraries, in turns with ours.
 */
import { report } from '../report.js';
import { jsPeerRows } from './jsPeerRows.js';
import { findPython, pytorchRows } from './pytorchRows.js';

const js = jsPeerRows();
const python = findPython();
const rows = 'program' in python ? [...pytorchRows(python.program), ...js.rows] : js.rows;
const notes = 'program' in python ? js.notes : [`PyTorch: not run, ${python.reason}`, ...js.notes];
report('peers', 'wasm', rows, notes);

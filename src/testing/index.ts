/**
 * Checks for gradients, and random geometries to check them over. The arbitraries need the peer dependency fast-check.
 *
 * @packageDocumentation
 */
import '../backends.js';

export * as arbitraries from './arbitraries/index.js';
export { type GradcheckOptions, gradcheck } from './gradcheck.js';
export type { GradcheckInput } from './gradcheckInput.js';
export { type DerivativeCheck, GradcheckError, type GradcheckReport, type InputCoverage } from './gradcheckReport.js';
export { gradgradcheck } from './gradgradcheck.js';
export type { CheckedFunction } from './gradientChecker.js';
export { type ValueRange, wellSeparated } from './wellSeparated.js';

/**
 * @file How large a model is.
 */
import type { Module } from './module.js';

/** The number of trained values. */
export function countParameters(module: Module): number {
  return module.parameters().reduce((count, parameter) => count + parameter.size, 0);
}

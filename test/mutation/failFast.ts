/** @file A mutant is caught by the first failing case; which is the smallest doesn't matter. */
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true });

/**
 * @file Prints the totals of a test run on one line: `N passed, N failed`, with `, N skipped` where tests were skipped.
 *
 *   node scripts/testTotals.mjs REPORT    REPORT: what Vitest's `json` reporter wrote
 */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// A file that can't even be loaded has no tests to count, and still must not pass for a success.
const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
const failed = report.numFailedTests + brokenFiles.length;
const skipped = report.numPendingTests + report.numTodoTests;

console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (failed > 0 || report.numPassedTests === 0) process.exitCode = 1;

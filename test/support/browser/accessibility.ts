/**
 * @file What axe-core finds wrong with a page for people who can't see it, or see few colours.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe says about an element. */
interface Finding {
  readonly id: string;
  readonly impact?: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

interface AxeRunner {
  run(context: Document): Promise<{ violations: Finding[] }>;
}

/** What is serious or critical, as `rule: element: what to do`. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const findings = await page.evaluate(async () => {
    const { violations } = await (globalThis as typeof globalThis & { axe: AxeRunner }).axe.run(document);
    return violations;
  });
  const serious = findings.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}: ${nodes[0]?.failureSummary}`);
}

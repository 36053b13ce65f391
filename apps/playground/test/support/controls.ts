/**
 * @file Numbers that the page shows, and sliders that tests set.
 */
import type { Page } from 'playwright-core';

/** The number in a text of the page, which has real minus signs. */
export function numberIn(text: string | null): number {
  const match = /[−-]?\d+(?:\.\d+)?/.exec((text ?? '').replaceAll(',', ''));
  return match ? Number(match[0].replace('−', '-')) : Number.NaN;
}

export async function numberAt(page: Page, selector: string): Promise<number> {
  return numberIn(await page.locator(selector).first().textContent());
}

/** Sets a slider as a script does; keyboards are tested elsewhere. */
export async function setSlider(page: Page, label: string, value: number): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(String(value));
}

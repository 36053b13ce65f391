/**
 * @file Numbers as people read them: a real minus sign, a fixed number of decimals.
 */

/** `value` with `digits` decimals; `−0.00` becomes `0.00`. */
export function formatNumber(value: number, digits = 2): string {
  if (value === Number.POSITIVE_INFINITY) return '∞';
  if (value === Number.NEGATIVE_INFINITY) return '−∞';
  if (Number.isNaN(value)) return '–';
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** With a sign in front of either. */
export function formatSigned(value: number, digits = 2): string {
  const text = formatNumber(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** β as short as it is clear. */
export function formatBeta(beta: number): string {
  return formatNumber(beta, beta >= 10 ? 0 : beta >= 0.995 && Math.abs(beta - Math.round(beta)) < 0.005 ? 0 : 2);
}

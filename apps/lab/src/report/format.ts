/**
 * @file Numbers and times as a person reads them.
 */

/** 0.7243 → `72.4 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** 0.009 → `+0.9`; a true minus sign below 0 */
export function signedPoints(share: number): string {
  const points = (share * 100).toFixed(1);
  if (Number(points) === 0) return '±0.0';
  return share > 0 ? `+${points}` : points.replace('-', '−');
}

/** 78042 → `78,042` */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** 72 → `1 min 12 s` */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** 0.0312 → `.03`; a third digit where rounding would hide on which side of .05 it lies, or everything */
export function probability(p: number): string {
  if (p < 0.001) return '< .001';
  const rounded = p.toFixed(2);
  const misleading = p < 0.01 || p < 0.05 !== Number(rounded) < 0.05;
  return (misleading ? p.toFixed(3) : rounded).replace(/^0/, '');
}

/** 170052171 → `170.1 MB` */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * @file Functions of one number, in forms that are exact where a GPU's own functions aren't.
 *
 * A comparison with NaN is false, so the last return of a chain of branches is the one that passes NaN on.
 */

export function negative(x: number): number {
  return -x;
}

export function absolute(x: number): number {
  return Math.abs(x);
}

export function signOf(x: number): number {
  if (x > 0) return 1;
  if (x < 0) return -1;
  return x;
}

/** A GPU may give anything for e^NaN. */
export function exponential(x: number): number {
  if (x > 0 || x <= 0) return Math.exp(x);
  return x;
}

/** GPUs lose the digits of log near 1: there it is 2 artanh((x − 1)/(x + 1)). */
export function logarithm(x: number): number {
  if (x > 0.75 && x < 1.35) return twiceArtanh((x - 1) / (x + 1));
  if (x >= 0) return Math.log(x);
  // A root is NaN for NaN and for what is negative; a GPU's logarithm isn't.
  return Math.sqrt(x);
}

/** log(1 + t) for 0 ≤ t ≤ 1. */
export function logOnePlus(t: number): number {
  return twiceArtanh(t / (t + 2));
}

/** 2 artanh(s) for |s| ≤ 1/3. */
export function twiceArtanh(s: number): number {
  const z = s * s;
  const tail = 1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13)));
  return 2 * s * (1 + z * (1 / 3 + z * (1 / 5 + z * tail)));
}

export function squareRoot(x: number): number {
  return Math.sqrt(x);
}

export function rectified(x: number): number {
  if (x <= 0) return 0;
  return x;
}

/** 1/(1 + e⁻ˣ), with an exponential that can't overflow. */
export function logistic(x: number): number {
  if (x < -88) return 0;
  return 1 / (1 + exponential(-x));
}

/** A GPU's tanh is NaN beyond ±88, and has no digits near 0. */
export function hyperbolicTangent(x: number): number {
  const a = Math.abs(x);
  if (a < 0.3) {
    const z = x * x;
    return x * (1 + z * (-1 / 3 + z * (2 / 15 + z * (-17 / 315 + z * (62 / 2835)))));
  }
  if (x > 10) return 1;
  if (x < -10) return -1;
  const t = exponential(-2 * a);
  if (x < 0) return (t - 1) / (t + 1);
  return (1 - t) / (1 + t);
}

/** erf x for |x| < 1. */
export function erfNearZero(x: number): number {
  const z = x * x;
  const high = 7.889123662607744e-5 * z - 0.0008020842797122896;
  const low = ((high * z + 0.005189535673707724) * z - 0.026854444295167923) * z + 0.11283600330352783;
  return x * ((low * z - 0.3761262595653534) * z + 1.1283791065216064);
}

/** e^(z²) erfc z for z ≥ 0.3. */
export function scaledErfc(z: number): number {
  const t = 1 / (1 + 0.5 * z);
  const high = ((-0.04281529784202576 * t + 0.11813652515411377) * t - 0.028461162000894547) * t - 0.17936213314533234;
  const middle = ((high * t + 0.09377449005842209) * t + 0.042349595576524734) * t + 0.1867595911026001;
  return t * (((middle * t + 0.24524898827075958) * t + 0.28222766518592834) * t + 0.28209006786346436);
}

export function errorFunction(x: number): number {
  const a = Math.abs(x);
  if (a < 1) return erfNearZero(x);
  if (x > 4) return 1;
  if (x < -4) return -1;
  const tail = exponential(-a * a) * scaledErfc(a);
  if (x < 0) return tail - 1;
  return 1 - tail;
}

/** x Φ(x), exact in the left tail too, where 1 + erf would cancel. */
export function gaussianErrorLinear(x: number): number {
  const z = x * Math.sqrt(0.5);
  if (z > 4) return x;
  if (z < -9.3) return 0;
  if (z < -0.5) return 0.5 * x * exponential(-z * z) * scaledErfc(-z);
  return 0.5 * x * (1 + errorFunction(z));
}

export function sigmoidLinear(x: number): number {
  if (x < -88) return 0;
  return x / (1 + exponential(-x));
}

export function smoothRectified(x: number): number {
  if (x > 20) return x;
  if (x < 0) return logOnePlus(exponential(x));
  return x + logOnePlus(exponential(-x));
}

export function square(x: number): number {
  return x * x;
}

export function reciprocal(x: number): number {
  return 1 / x;
}

export function leaky(x: number, slope: number): number {
  if (x > 0) return x;
  return slope * x;
}

/** xʸ with JavaScript's special values; the power of a GPU knows positive x and finite y alone. */
export function power(x: number, y: number): number {
  if (y === 0) return 1;
  if (Math.abs(y) > 3.4e38) return infinitePower(Math.abs(x), y);
  if (x > 0 && Math.floor(y) <= y) return x ** y;
  if (x === 0) return zeroPower(x, y);
  if (x < 0 && Math.floor(y) === y) return wholePower(x, y);
  if (x < -3.4e38 && Math.floor(y) <= y) return (-x) ** y;
  // NaN where x or y is, and for what has no real value.
  return Math.sqrt(x) + y;
}

/** xʸ for x ≥ 0 and y = ±∞. */
export function infinitePower(x: number, y: number): number {
  if (x > 1 && y > 0) return y;
  if (x < 1 && y < 0) return -y;
  if (x > 1 || x < 1) return 0;
  return y - y + x;
}

/** xʸ for x = 0 and y ≠ 0. */
export function zeroPower(x: number, y: number): number {
  if (y > 0) return 0;
  if (y < 0) return 1 / Math.abs(x);
  return y;
}

/** xʸ for x < 0 and whole y. */
export function wholePower(x: number, y: number): number {
  const magnitude = (-x) ** y;
  if (Math.floor(y * 0.5) * 2 === y) return magnitude;
  return -magnitude;
}

export function plus(x: number, scalar: number): number {
  return x + scalar;
}

export function times(x: number, scalar: number): number {
  return x * scalar;
}

/** The part of jstat that is used here; it ships without types. */
declare module 'jstat' {
  interface StudentT {
    /** The quantile of probability p. */
    inv(p: number, degreesOfFreedom: number): number;
    /** The probability of at most x. */
    cdf(x: number, degreesOfFreedom: number): number;
  }
  const jStat: { readonly studentt: StudentT };
  export = jStat;
}

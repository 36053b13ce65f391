/**
 * @file The temperature slider: t from 0 to 1 is β = t / (1 − t), so average, SoftPool and max pooling lie at 0, ½ and 1.
 */

export function betaOf(temperature: number): number {
  return temperature >= 1 ? Number.POSITIVE_INFINITY : temperature / (1 - temperature);
}

export function temperatureOf(beta: number): number {
  return beta === Number.POSITIVE_INFINITY ? 1 : beta / (1 + beta);
}

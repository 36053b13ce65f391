/**
 * @file What computes, as far as it decides how results are rounded.
 */
import { backendInfo } from 'softgrad';

/** Such as `wasm simd`. */
export function arithmetic(): string {
  const { backend, device } = backendInfo();
  return device.startsWith(backend) ? device : `${backend} ${device}`;
}

/**
 * @file The option `--queue`, which compare and worker share.
 */
import { Option } from 'commander';

/** Its value may hold a password, so it is read by `queueAddress`, whose errors don't quote it, and not by commander. */
export function queueOption(): Option {
  return new Option(
    '--queue <url>',
    'a Redis that shares runs among machines: redis://host:6379, or rediss:// for TLS; password in SOFTGRAD_QUEUE_PASSWORD',
  );
}

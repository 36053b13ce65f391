/**
 * @file Where a queue is: `redis://[user[:password]@]host[:port][/database]`, or `rediss://…` over TLS.
 *
 * The words may hold a password, so no message quotes them; `title` is what may be shown.
 */
import { UsageError } from '../usageError.js';

/** Holds the password, so that it needn't stand on a command line, which other users of the machine can read. */
export const PASSWORD_VARIABLE = 'SOFTGRAD_QUEUE_PASSWORD';

export interface QueueAddress {
  /** Without user and password: `redis://host:6379`. */
  readonly title: string;
  /** For ioredis. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly db: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: Record<string, never>;
  };
}

const DEFAULT_PORT = 6379;
const SECURE = 'rediss:';

/** @throws UsageError, which doesn't quote the text, if it is no such address */
export function queueAddress(text: string, environment: NodeJS.ProcessEnv = process.env): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = /^\/?(\d{0,5})$/.exec(url?.pathname ?? 'none')?.[1];
  const isPlain = url?.search === '' && url.hash === '' && url.hostname !== '';
  if (!url || !['redis:', SECURE].includes(url.protocol) || database === undefined || !isPlain) {
    throw new UsageError(
      '--queue must be redis://host:port/database, or rediss:// for TLS; port and database may be left out',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || DEFAULT_PORT);
  const db = Number(database);
  const password = decoded(url.password) || environment[PASSWORD_VARIABLE];
  return {
    title: `${url.protocol}//${url.hostname}:${port}${db === 0 ? '' : `/${db}`}`,
    connection: {
      ...{ host, port, db },
      ...(url.username === '' ? {} : { username: decoded(url.username) }),
      ...(password ? { password } : {}),
      ...(url.protocol === SECURE ? { tls: {} } : {}),
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError("--queue has a user or password with a wrong % escape; write % as '%25'");
  }
}

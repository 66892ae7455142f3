import type { Socket } from "node:net";
import { Client } from "undici";

/** One kept-alive HTTP/1.1 connection; it carries one request at a time. */
export type Connection = {
  readonly client: Client;
  readonly origin: string;
  /** Our end of it. */
  readonly localAddress: string;
  readonly isOpen: () => boolean;
  readonly destroy: () => void;
};

export type Connections = {
  /** The connection that was used last, if one is idle: the rest may grow old and close. */
  takeIdle(origin: string): Connection | null;
  /** Wraps a connected socket, which is then in use. */
  wrap(origin: string, socket: Socket): Connection;
  /** Keeps a connection for the next request, or closes it when it can't be used again. */
  giveBack(connection: Connection): void;
  readonly idleCount: number;
  close(): void;
};

/** Idle connections close after this, or earlier when the vendor's Keep-Alive header says so. */
const idleMs = 60_000;
/** As many as a connect may have calls at once: fewer would be closed and made anew all the time. */
const idleMaxPerOrigin = 1_000;
const idleMaxInAll = 4_000;
/** A connection is not used in the last second of the time the vendor gave it. */
const idleMarginMs = 1_000;
const headerBytesMax = 65_536;

/**
 * The connections to all vendors. undici speaks HTTP; which connection a request takes is decided here and not by its
 * Pool, since a call must know whether its connection was a kept one, what its own connecting took, and be able to insist
 * on a fresh one.
 */
export function createConnections(): Connections {
  const idle = new Map<string, Connection[]>(); // the origin used last comes last
  let idleCount = 0;
  let closed = false;

  const forget = (connection: Connection): boolean => {
    const kept = idle.get(connection.origin);
    const at = kept?.indexOf(connection) ?? -1;
    if (kept === undefined || at < 0) return false;
    kept.splice(at, 1);
    if (kept.length === 0) idle.delete(connection.origin);
    idleCount--;
    return true;
  };
  const drop = (connection: Connection | undefined): void => {
    if (connection === undefined) return;
    forget(connection);
    connection.destroy();
  };

  return {
    takeIdle(origin) {
      for (;;) {
        const connection = idle.get(origin)?.at(-1);
        if (connection === undefined) return null;
        forget(connection);
        if (connection.isOpen()) return connection;
        connection.destroy();
      }
    },
    wrap(origin, socket) {
      let unused: Socket | null = socket;
      const client = new Client(origin, {
        connect: (_target, callback) => {
          const given = unused;
          unused = null;
          // Later, never at once: the client does not look at its queue again while it is within its own look.
          queueMicrotask(() => {
            if (given === null || given.destroyed) callback(new ConnectionGone(), null);
            else callback(null, given);
          });
        },
        pipelining: 1,
        headersTimeout: 0, // one time-out covers the whole call
        bodyTimeout: 0,
        keepAliveTimeout: idleMs,
        keepAliveMaxTimeout: idleMs,
        keepAliveTimeoutThreshold: idleMarginMs,
        maxHeaderSize: headerBytesMax,
        allowH2: false,
      });
      const connection: Connection = {
        client,
        origin,
        localAddress: socket.localAddress ?? "",
        isOpen: () => !socket.destroyed && !client.destroyed,
        destroy: () => void client.destroy().catch(() => undefined),
      };
      client.on("disconnect", () => drop(connection));
      return connection;
    },
    giveBack(connection) {
      if (closed || !connection.isOpen()) return connection.destroy();
      const kept = idle.get(connection.origin) ?? [];
      idle.delete(connection.origin);
      idle.set(connection.origin, kept);
      kept.push(connection);
      idleCount++;
      if (kept.length > idleMaxPerOrigin) drop(kept[0]);
      if (idleCount > idleMaxInAll) drop(idle.values().next().value?.[0]);
    },
    get idleCount() {
      return idleCount;
    },
    close() {
      closed = true;
      for (const connection of [...idle.values()].flat()) drop(connection);
    },
  };
}

/** The kept connection had closed before the request could be written: nothing was sent. */
export class ConnectionGone extends Error {
  readonly code = "CONNECTION_GONE";
}

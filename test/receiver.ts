import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import net, { type AddressInfo, type Socket } from "node:net";
import { type CertificateKind, testAuthority, testCertificate } from "./receiver-certificates.ts";

/** A request as it arrived. */
export type Received = {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  /** By lower-case name; several of one name are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly text: string;
  /** Which connection it came on, from 1. */
  readonly connection: number;
};

/**
 * What to answer: a status; or status, headers and body (an object is sent as JSON); or a function that looks at the
 * request and gives one of these, or writes to the socket itself and gives nothing (see `receiver-acts.ts`).
 */
export type Reply = number | Answer | Act;
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array | object;
};
export type Act = (request: Received, wire: Wire) => Reply | void | Promise<Reply | void>;
export type Wire = { readonly response: ServerResponse; readonly socket: Socket };

export type Receiver = AsyncDisposable & {
  /** `http://127.0.0.1:40123`; with TLS `https://localhost:40123` */
  readonly origin: string;
  /** For the address guard's allow list: `127.0.0.1:40123`. */
  readonly allow: string;
  readonly port: number;
  /** `origin` and a path. */
  url(path: string): string;
  /** Every request so far, in the order of arrival, its body whole. */
  readonly requests: readonly Received[];
  /** Connections taken so far. */
  readonly connections: number;
  /** Answers from now on by this script. */
  answer(script: Reply | readonly Reply[]): void;
  /** Waits until this many requests have come in all. */
  received(count: number): Promise<readonly Received[]>;
  /** Closes every connection that is open now, idle or not; new ones are taken. */
  dropConnections(): void;
  /** The certificate to trust, in PEM. */
  readonly ca: string;
  close(): Promise<void>;
};

export type ReceiverOptions = {
  /** TLS with such a certificate; default: plain HTTP. */
  readonly tls?: CertificateKind;
  /** Default: 0, any free one. */
  readonly port?: number;
};

/**
 * A real vendor on loopback, told how to answer:
 *
 *     await using vendor = await startReceiver([503, { body: { id: 7 } }]);
 *     … call vendor.url("/leads") with a guard that allows vendor.allow …
 *     expect(vendor.requests[0]?.text).toBe("phone=3105550142");
 *
 * A list is answered in order, one per request, its last for ever after.
 */
export async function startReceiver(
  script: Reply | readonly Reply[] = 200,
  options: ReceiverOptions = {},
): Promise<Receiver> {
  let replies = listOf(script);
  let connections = 0;
  const requests: Received[] = [];
  const open = new Map<Socket, number>();
  const waiting = new Set<() => void>();

  const listener = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = message;
    const request = await read(message, open.get(socket) ?? 0).catch(() => null); // the caller hung up in mid-body
    if (request === null) return;
    requests.push(request);
    for (const look of waiting) look();
    const [next, ...rest] = replies;
    if (rest.length > 0) replies = rest;
    await perform(next ?? 200, request, { response, socket });
  };
  const handle = (message: IncomingMessage, response: ServerResponse): void =>
    void listener(message, response).catch((error: unknown) => message.socket.destroy(error as Error));
  const server: Server =
    options.tls === undefined
      ? createHttpServer({ keepAliveTimeout: 60_000 }, handle)
      : createHttpsServer({ ...testCertificate(options.tls), keepAliveTimeout: 60_000 }, handle);
  const onConnection = (socket: Socket): void => {
    open.set(socket, ++connections);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  };
  server.on(options.tls === undefined ? "connection" : "secureConnection", onConnection);
  server.on("tlsClientError", (_error, socket) => void socket.destroy());
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;

  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    for (const socket of open.keys()) socket.destroy();
    await closed;
  };
  return {
    origin,
    allow: `127.0.0.1:${port}`,
    port,
    url: (path) => origin + path,
    requests,
    get connections() {
      return connections;
    },
    answer(next) {
      replies = listOf(next);
    },
    received: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (requests.length < count) return;
          waiting.delete(look);
          resolve(requests);
        };
        waiting.add(look);
        look();
      }),
    dropConnections() {
      for (const socket of open.keys()) socket.destroy();
    },
    ca: testAuthority(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type TcpReceiver = AsyncDisposable & {
  readonly port: number;
  /** For the address guard's allow list. */
  readonly allow: string;
  readonly connections: number;
  close(): Promise<void>;
};

/** A port on loopback where something else than a web server answers: `startTcpReceiver((socket) => socket.end("SSH-2.0\r\n"))`. */
export async function startTcpReceiver(onSocket: (socket: Socket) => void): Promise<TcpReceiver> {
  const open = new Set<Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return {
    port,
    allow: `127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A loopback port where nothing listens. */
export async function closedPort(): Promise<number> {
  const taken = await startTcpReceiver(() => undefined);
  await taken.close();
  return taken.port;
}

function listOf(script: Reply | readonly Reply[]): readonly Reply[] {
  return Array.isArray(script) ? (script as readonly Reply[]) : [script as Reply];
}

async function perform(reply: Reply | void, request: Received, wire: Wire): Promise<void> {
  if (typeof reply === "function") return perform(await reply(request, wire), request, wire);
  if (reply === undefined) return;
  const { status = 200, headers = {}, body = "" } = typeof reply === "number" ? { status: reply } : reply;
  const plain = typeof body === "string" || body instanceof Uint8Array;
  const bytes = Buffer.from(plain ? body : JSON.stringify(body));
  const all: Record<string, string | string[]> = plain
    ? { ...headers }
    : { "Content-Type": "application/json", ...headers };
  wire.response.writeHead(status, { "Content-Length": String(bytes.length), ...all }).end(bytes);
}

async function read(message: IncomingMessage, connection: number): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const headers = Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  const raw = message.rawHeaders;
  return {
    method: message.method ?? "",
    url: message.url ?? "",
    headers: Object.fromEntries(headers) as Record<string, string>,
    rawHeaders: raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ""] as const] : [])),
    body,
    text: body.toString(),
    connection,
  };
}

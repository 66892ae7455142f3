import { connect, type Socket } from "node:net";

export type Target = {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type Load = {
  /** Resolves with the status when the answer has come whole; waits for a connection that is free. */
  readonly post: (body: string) => Promise<number>;
  readonly close: () => void;
};

/**
 * Keep-alive connections to one server on loopback, one request on each at a time, with as little work a request as can
 * be: what it spends is taken from what is measured. Answers have to name their length. Bodies are ASCII.
 */
export function openLoad(target: Target, connections: number): Load {
  const headers = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${target.path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\ncontent-type: application/json\r\n${headers.join("")}content-length: `;
  const idle: Connection[] = Array.from({ length: connections }, () => connection(target.port));
  const all = [...idle];
  const waiting: { body: string; take: (connection: Connection) => void }[] = [];
  const free = (one: Connection): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(one);
    else next.take(one);
  };
  return {
    post: (body) =>
      new Promise((resolve, reject) => {
        const take = (one: Connection): void =>
          one.exchange(
            `${head}${body.length}\r\n\r\n${body}`,
            (status) => {
              free(one);
              resolve(status);
            },
            reject,
          );
        const one = idle.pop();
        if (one === undefined) waiting.push({ body, take });
        else take(one);
      }),
    close: () => {
      for (const { socket } of all) socket.destroy();
    },
  };
}

type Connection = {
  readonly socket: Socket;
  readonly exchange: (request: string, done: (status: number) => void, failed: (error: Error) => void) => void;
};

function connection(port: number): Connection {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let current: { done: (status: number) => void; failed: (error: Error) => void } | null = null;
  let got = "";
  const fail = (error: Error): void => {
    current?.failed(error);
    current = null;
  };
  socket.setEncoding("latin1");
  socket.on("error", fail).on("close", () => fail(new Error("the server closed the connection")));
  socket.on("data", (piece: string) => {
    got += piece;
    const headEnd = got.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(got.slice(0, headEnd))?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return fail(new Error(`an answer without a length: ${got.slice(0, headEnd)}`));
    if (got.length < headEnd + 4 + length) return;
    const status = Number(got.slice(9, 12));
    got = "";
    const { done } = current ?? {};
    current = null;
    done?.(status);
  });
  return {
    socket,
    exchange: (request, done, failed) => {
      current = { done, failed };
      socket.write(request);
    },
  };
}

import { once } from "node:events";
import { createServer } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";

export type ProxyReceiver = AsyncDisposable & {
  /** `http://127.0.0.1:40123`, for `PATCHBAY_OUTBOUND_PROXY`. */
  readonly url: string;
  readonly port: number;
  /** What was asked for, as `[target, Proxy-Authorization]`. */
  readonly asked: readonly (readonly [target: string, authorization: string | undefined])[];
  close(): Promise<void>;
};

/**
 * A proxy on loopback that opens every CONNECT to one local port, whatever it is asked for: so a test may call an
 * address of the world outside.
 * @param refuseWith a status to refuse every CONNECT with
 */
export async function startProxy(to: { readonly port: number }, refuseWith?: number): Promise<ProxyReceiver> {
  const asked: [string, string | undefined][] = [];
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  };
  const server = createServer((_request, response) => void response.writeHead(405).end());
  server.on("connection", keep);
  server.on("connect", (request, socket) => {
    asked.push([request.url ?? "", request.headers["proxy-authorization"]]);
    if (refuseWith !== undefined) {
      socket.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
      return;
    }
    const onward = net.connect(to.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    keep(onward);
    onward.on("close", () => socket.destroy());
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
  return { url: `http://127.0.0.1:${port}`, port, asked, close, [Symbol.asyncDispose]: close };
}

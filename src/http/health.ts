import type { FastifyInstance } from "fastify";
import type { Room } from "../engine/room.ts";
import type { Database } from "../store/database.ts";

/** Is the process alive; can it do its work: for whoever watches or balances. They need no sign-in and tell nothing more. */
export function registerHealth(
  app: FastifyInstance,
  database: Database,
  room: Pick<Room, "refusal"> = { refusal: () => null },
): void {
  app.get("/healthz", { schema: { hide: true } }, async (_request, reply) => reply.type("text/plain").send("ok\n"));
  app.get("/readyz", { schema: { hide: true } }, async (_request, reply) => {
    reply.type("text/plain");
    const refusal = room.refusal();
    if (refusal !== null) return await reply.code(503).header("retry-after", "30").send(`${refusal}\n`);
    try {
      await database.query("select 1");
      return await reply.send("ready\n");
    } catch (error) {
      app.outages.met(error);
      return await reply.code(503).header("retry-after", "5").send("the database does not answer\n");
    }
  });
}

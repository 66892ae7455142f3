import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Engine } from "../engine/engine.ts";
import type { Replayer } from "../engine/replay.ts";
import type { Room } from "../engine/room.ts";
import { actionRoutes } from "./api/actions.ts";
import { accessRoutes } from "./api/access.ts";
import { accountRoutes } from "./api/account.ts";
import { adaptorRoutes } from "./api/adaptors.ts";
import { connectHealthRoutes } from "./api/connect-health.ts";
import { connectRoutes } from "./api/connects.ts";
import { deliveryRoutes } from "./api/deliveries.ts";
import { registerDeliveryStreams } from "./api/delivery-streams.ts";
import { diallerRoutes } from "./api/dialler.ts";
import { emailTemplateRoutes } from "./api/email-templates.ts";
import { eventSourceRoutes } from "./api/event-sources.ts";
import { leadRoutes } from "./api/leads.ts";
import { queueRoutes } from "./api/queues.ts";
import { rehearsalRoutes } from "./api/rehearsals.ts";
import { replayRoutes } from "./api/replays.ts";
import { roomRoutes } from "./api/room.ts";
import { runRoutes } from "./api/runs.ts";
import { searchRoute } from "./api/search.ts";
import { timelineRoutes } from "./api/timeline.ts";
import { workflowRoutes } from "./api/workflows.ts";
import { createAccess } from "./access.ts";
import type { LiveTail } from "./live-tail.ts";
import type { AdminDeps } from "./change-by.ts";
import { createSiteCheck, mountSignIn } from "./mount-sign-in.ts";
import { registerRoutes } from "./route.ts";
import { isSetupCode } from "./setup-code.ts";
import type { SignIn } from "./sign-in.ts";

export type ApiDeps = AdminDeps & {
  readonly engine: Engine;
  readonly replayer: Replayer;
  readonly room: Room;
  readonly signIn: SignIn;
  readonly live: LiveTail;
  readonly setupCode: string;
  readonly publicUrl: string | null;
  readonly checkHost: (request: FastifyRequest) => void;
};

/** The admin API and sign-in. */
export async function registerApi(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const { database, secretBox, engine, signIn, live } = deps;
  const refuseOtherSites = createSiteCheck(deps.publicUrl);
  const access = createAccess(database, signIn, refuseOtherSites);
  await app.register(async (api) => {
    api.addHook("onRequest", async (request, reply) => {
      deps.checkHost(request);
      reply.header("cache-control", "no-store");
    });
    mountSignIn(api, signIn, refuseOtherSites, live.recheck);
    const isCode = (typed: string): boolean => isSetupCode(typed, deps.setupCode);
    registerRoutes(
      api,
      [
        ...accessRoutes({ ...deps, isSetupCode: isCode, onAccessChange: live.recheck }),
        ...accountRoutes(deps),
        ...connectRoutes(deps),
        ...connectHealthRoutes(),
        ...adaptorRoutes(deps),
        ...leadRoutes({ db: database, engine, secretBox }),
        ...deliveryRoutes({ db: database, engine }),
        ...replayRoutes({ db: database, replayer: deps.replayer }),
        ...diallerRoutes(deps),
        ...queueRoutes(deps),
        ...eventSourceRoutes(deps),
        ...emailTemplateRoutes(deps),
        ...workflowRoutes(deps),
        ...runRoutes(),
        ...actionRoutes(deps),
        ...timelineRoutes(),
        ...rehearsalRoutes(deps),
        ...roomRoutes(deps),
        searchRoute(),
      ],
      access,
      deps.room.require,
    );
    registerDeliveryStreams(api, access, { database, live });
  });
}

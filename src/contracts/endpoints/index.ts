import * as access from "./access.ts";
import * as connects from "./connects.ts";
import * as deliveries from "./deliveries.ts";
import * as dialler from "./dialler.ts";
import * as health from "./health.ts";
import * as leads from "./leads.ts";
import * as replays from "./replays.ts";
import * as room from "./room.ts";
import * as workflows from "./workflows.ts";

/** Every described endpoint of the admin API, by noun. */
export const api = { access, connects, deliveries, dialler, health, leads, replays, room, workflows };

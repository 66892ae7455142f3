import { showRoom } from "../../contracts/endpoints/room.ts";
import type { Room } from "../../engine/room.ts";
import { route, type Route } from "../route.ts";

export function roomRoutes({ room }: { readonly room: Room }): Route[] {
  return [
    route(showRoom, async () => {
      const disk = room.disk();
      return {
        refusal: room.refusal(),
        disk: disk && { free_bytes: disk.freeBytes, wanted_bytes: disk.wantedBytes },
      };
    }),
  ];
}

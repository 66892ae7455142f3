import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { Role } from "../../../src/contracts/endpoint.ts";
import { listUsers, type User as UserSchema } from "../../../src/contracts/endpoints/access.ts";
import { call } from "../api.ts";

export type User = z.infer<typeof UserSchema>;

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => call(listUsers, { query: { limit: 1000 } }, signal),
});

export const roleWords: Record<Role, string> = { viewer: "Viewer", operator: "Operator", admin: "Admin" };

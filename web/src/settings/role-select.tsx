import { Select } from "@mantine/core";
import type { Role } from "../../../src/contracts/endpoint.ts";
import { roleWords } from "./users-query.ts";

export function RoleSelect({ role, set }: { role: Role; set: (role: Role) => void }) {
  return (
    <Select
      label="Role"
      data={Object.entries(roleWords).map(([value, label]) => ({ value, label }))}
      value={role}
      onChange={(value) => value && set(value as Role)}
    />
  );
}

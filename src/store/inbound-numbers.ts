import type { InboundNumberId } from "../contracts/ids.ts";
import { plainTable } from "./plain-table.ts";

export type InboundNumberValues = { readonly name: string; readonly code: string | null };
export type InboundNumberRow = InboundNumberValues & { readonly id: InboundNumberId; readonly described: boolean };

export const inboundNumbers = plainTable<InboundNumberRow, InboundNumberValues>(
  "inbound_numbers",
  ["name", "code"],
  ["described"],
);

import type { QueueId } from "../contracts/ids.ts";
import { plainTable } from "./plain-table.ts";

export type QueueValues = { readonly name: string; readonly code: string | null };
export type QueueRow = QueueValues & { readonly id: QueueId; readonly described: boolean };

export const queues = plainTable<QueueRow, QueueValues>("queues", ["name", "code"], ["described"]);

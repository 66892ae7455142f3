import { z } from "zod";
import { deliveryPageSizes } from "../../../src/contracts/delivery.ts";
import { deliveryStates, outcomes } from "../../../src/contracts/outcome.ts";
import { addDays, dayIn, startOfDay } from "../ui/zoned-day.ts";

const ranges = ["any", "today", "yesterday", "7d", "30d", "custom"] as const;

/** What the address of a log holds: its filters, page and open row. */
export const LogUrl = z.object({
  range: z.enum(ranges).default("any"),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  outcome: z.enum(outcomes).optional(),
  state: z.enum(deliveryStates).optional(),
  test: z.enum(["true", "false"]).optional(),
  phone: z.string().optional(),
  lead_id: z.coerce.number().int().positive().optional(),
  result: z.string().optional(),
  limit: z.coerce
    .number()
    .refine((size) => (deliveryPageSizes as readonly number[]).includes(size))
    .default(50),
  cursor: z.string().optional(),
  open: z.string().optional(),
  live: z.enum(["off"]).optional(),
});
export type LogUrl = z.output<typeof LogUrl>;
export type ChangeLogUrl = (patch: Partial<Record<keyof LogUrl, unknown>>, how?: { replace?: boolean }) => void;

export const noFilter: Partial<Record<keyof LogUrl, undefined>> = {
  range: undefined,
  from: undefined,
  to: undefined,
  outcome: undefined,
  state: undefined,
  test: undefined,
  phone: undefined,
  lead_id: undefined,
  result: undefined,
  cursor: undefined,
};

export type LogFilter = {
  readonly connect?: number;
  readonly outcome?: NonNullable<LogUrl["outcome"]>;
  readonly state?: NonNullable<LogUrl["state"]>;
  readonly test?: "true" | "false";
  readonly phone?: string;
  readonly lead_id?: number;
  readonly result?: string;
  readonly from?: string;
  readonly to?: string;
};

/** The filter of an address as the API takes it; days begin in the account's zone. */
export function filterOf(url: LogUrl, zone: string, connect: number | undefined, now = new Date()): LogFilter {
  const today = dayIn(zone, now);
  const days: Record<LogUrl["range"], readonly [from?: string | undefined, until?: string | undefined]> = {
    any: [],
    today: [today],
    yesterday: [addDays(today, -1), today],
    "7d": [addDays(today, -6)],
    "30d": [addDays(today, -29)],
    custom: [url.from, url.to && addDays(url.to, 1)],
  };
  const [from, until] = days[url.range];
  return defined({
    connect,
    outcome: url.outcome,
    state: url.state,
    test: url.test,
    phone: url.phone?.replaceAll(/[^\d+]/g, ""),
    lead_id: url.lead_id,
    result: url.result,
    from: from && startOfDay(from, zone),
    to: until && startOfDay(until, zone),
  });
}

/** Whether anything but the connect is asked for. */
export const isFiltered = (url: LogUrl): boolean =>
  url.range !== "any" ||
  [url.outcome, url.state, url.test, url.phone, url.lead_id, url.result].some((part) => part !== undefined);

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== "")) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

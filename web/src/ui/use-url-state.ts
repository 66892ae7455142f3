import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { z } from "zod";

/**
 * The part of the page's state that lives in its address: filters, the open row. What the address holds is parsed by
 * the schema (unparsable parts fall back to nothing); the second function changes some of it, undefined or "" removes.
 */
export function useUrlState<S extends z.ZodObject>(
  schema: S,
): [z.output<S>, (patch: Partial<Record<keyof z.output<S>, unknown>>, how?: { replace?: boolean }) => void] {
  const search = useRouterState({ select: (state) => state.location.search as Record<string, unknown> });
  const navigate = useNavigate();
  const state = useMemo(() => parseSearch(schema, search), [schema, search]);
  const change = useCallback(
    (patch: object, { replace = true }: { replace?: boolean } = {}) => {
      void navigate({
        to: ".",
        replace,
        resetScroll: false,
        search: (old: Record<string, unknown>) =>
          Object.fromEntries(
            Object.entries({ ...old, ...patch })
              .filter(([, value]) => value !== undefined && value !== null && value !== "")
              .map(([name, value]) => [name, String(value)]),
          ),
      } as never);
    },
    [navigate],
  );
  return [state, change];
}

function parseSearch<S extends z.ZodObject>(schema: S, read: Record<string, unknown>): z.output<S> {
  // the router reads `2125550147` as a number and `true` as a boolean; writing them as text again loses nothing
  const search = Object.fromEntries(Object.entries(read).map(([name, value]) => [name, String(value)]));
  const whole = schema.safeParse(search);
  if (whole.success) return whole.data;
  const bad = new Set(whole.error.issues.map((issue) => String(issue.path[0])));
  return schema.parse(Object.fromEntries(Object.entries(search).filter(([name]) => !bad.has(name))));
}

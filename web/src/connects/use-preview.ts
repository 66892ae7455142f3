import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import { previewConnect } from "../../../src/contracts/endpoints/connects.ts";
import type { Preview } from "../../../src/contracts/preview.ts";
import { call } from "../api.ts";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";

export type LivePreview = {
  readonly preview: Preview | undefined;
  /** What keeps the settings from being previewed, by setting. */
  readonly faults: Readonly<Record<string, string>>;
  /** What keeps them from it as a whole. */
  readonly words: string | null;
  readonly ready: boolean;
};

/** What would be sent with these settings, saved or not; follows them 200 ms after the last keystroke. */
export function usePreview(
  connectId: number | null,
  values: ConnectSettings,
  changed: boolean,
  leadId: number | undefined,
  allowed: boolean,
): LivePreview {
  const ready = values.api_url.trim() !== "";
  const whole = {
    ...(connectId === null ? {} : { connect_id: connectId }),
    // a name is needed to save, not to preview
    ...(changed || connectId === null ? { connect: { ...values, name: values.name.trim() || "Preview" } } : {}),
    ...(leadId === undefined ? {} : { lead_id: leadId }),
  };
  const [body] = useDebouncedValue(whole, 200);
  const { data, error } = useQuery({
    queryKey: ["preview", body],
    queryFn: ({ signal }) => call(previewConnect, { body }, signal),
    enabled: allowed && ready && body.connect?.api_url !== "",
    placeholderData: keepPreviousData,
    staleTime: 2_000,
    gcTime: 10_000,
    retry: false,
  });
  const faults = Object.fromEntries(
    Object.entries(problemPlaces(error)).map(([path, message]) => [path.replace(/^connect\./, ""), message]),
  );
  const words = Object.keys(faults).length > 0 ? null : problemWords(error);
  return { preview: data, faults, words, ready };
}

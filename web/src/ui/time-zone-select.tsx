import { Select, type SelectProps } from "@mantine/core";

const zones = Intl.supportedValuesOf("timeZone");

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Every IANA zone, found by typing a part of its name. */
export function TimeZoneSelect(props: Omit<SelectProps, "data">) {
  const data = zones.includes("UTC") ? zones : ["UTC", ...zones];
  return <Select searchable limit={80} data={data} nothingFoundMessage="No zone has this name" {...props} />;
}

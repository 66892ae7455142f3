import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconCalendar, IconDownload, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { MaskedFilter } from "../../../src/contracts/masked-filters.ts";
import { useSession } from "../ui/session.ts";
import type { ChangeLogUrl, LogUrl } from "./filter.ts";
import { useRefusedFilters } from "./refused-filters.ts";

const kinds = [
  { value: "phone", label: "Phone" },
  { value: "lead_id", label: "Lead ID" },
  { value: "result", label: "Result" },
] as const;
type Kind = (typeof kinds)[number]["value"];

const rangeWords = [
  { value: "any", label: "Any date" },
  { value: "today", label: "Today" },
  { value: "yesterday", label: "Yesterday" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "custom", label: "Custom…" },
] as const;

const tests = [
  { value: "", label: "Test and live" },
  { value: "false", label: "Live" },
  { value: "true", label: "Test" },
] as const;

const placeholders: Record<Kind, string> = {
  phone: "(212) 555-0147",
  lead_id: "48213",
  result: "Exact, or a beginning with *",
};

/** Narrow, choose a range, test or live; each is in the address. */
export function FilterBar({ url, change, csv }: { url: LogUrl; change: ChangeLogUrl; csv: string }) {
  return (
    <div className="filters">
      <TextFilter url={url} change={change} />
      <Select
        size="xs"
        className="rangefilter"
        leftSection={<IconCalendar size={15} aria-hidden />}
        data={[...rangeWords]}
        value={url.range}
        onChange={(range) =>
          change({ range: range === "any" ? undefined : range, from: undefined, to: undefined, cursor: undefined })
        }
        aria-label="Date range"
      />
      {url.range === "custom" && (
        <span className="daterange">
          <DayInput label="From" value={url.from} set={(from) => change({ from, cursor: undefined })} />
          <span className="dim">to</span>
          <DayInput label="To" value={url.to} set={(to) => change({ to, cursor: undefined })} />
        </span>
      )}
      <Select
        size="xs"
        className="testfilter"
        data={[...tests]}
        value={url.test ?? ""}
        onChange={(test) => change({ test: test ?? "", cursor: undefined })}
        aria-label="Test or live"
      />
      <div className="right" style={{ gap: 14 }}>
        <Switch
          label="Live"
          labelPosition="left"
          classNames={{ label: "switchlabel" }}
          checked={url.live !== "off"}
          onChange={(event) => change({ live: event.currentTarget.checked ? undefined : "off" })}
        />
        <Button
          component="a"
          href={csv}
          download
          size="xs"
          variant="default"
          className="hide-m"
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          CSV
        </Button>
      </div>
      <WhyNot />
    </div>
  );
}

/** One box for three filters, since people search for one thing at a time. */
function TextFilter({ url, change }: { url: LogUrl; change: ChangeLogUrl }) {
  const refused = useRefusedFilters();
  const offered = kinds.filter(({ value }) => !Object.hasOwn(refused, value));
  const inUrl: Kind | undefined = offered.find(({ value }) => url[value] !== undefined)?.value;
  const [kind, setKind] = useState<Kind>(inUrl ?? offered[0]!.value);
  const valueInUrl = inUrl ? String(url[inUrl]) : "";
  const [typed, setTyped] = useState<string | null>(null);
  const apply = useDebouncedCallback((name: Kind, text: string) => {
    const value = name === "lead_id" ? text.replaceAll(/\D/g, "") : text.trim();
    change({ phone: undefined, lead_id: undefined, result: undefined, cursor: undefined, [name]: value });
    setTyped(null);
  }, 300);
  return (
    <div className="textfilter">
      <Select
        size="xs"
        className="kindfilter"
        data={offered}
        value={inUrl ?? kind}
        onChange={(chosen) => {
          if (!chosen) return;
          setKind(chosen);
          if (valueInUrl) apply(chosen, valueInUrl);
        }}
        aria-label="Search by"
        classNames={{ input: "joinleft" }}
        comboboxProps={{ width: 120, position: "bottom-start" }}
      />
      <TextInput
        size="xs"
        style={{ flex: 1 }}
        classNames={{ input: "joinright" }}
        leftSection={<IconSearch size={15} aria-hidden />}
        placeholder={placeholders[inUrl ?? kind]}
        aria-label="Search logs"
        value={typed ?? valueInUrl}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          apply(inUrl ?? kind, event.currentTarget.value);
        }}
      />
    </div>
  );
}

/** "Phones and results are masked for your role, so nothing is searched by them." */
function WhyNot() {
  const refused = Object.keys(useRefusedFilters()) as MaskedFilter[];
  const viewer = useSession().user.role === "viewer";
  if (refused.length === 0) return null;
  const words = refused.map((name) => ({ phone: "phones", result: "results" })[name]).join(" and ");
  return (
    <p className="dim filterwhy">
      {words.charAt(0).toUpperCase() + words.slice(1)} are masked {viewer ? "for your role" : "in this account's logs"},
      so the logs can't be searched by them.
    </p>
  );
}

function DayInput({ label, value, set }: { label: string; value: string | undefined; set: (day: string) => void }) {
  return (
    <TextInput
      size="xs"
      type="date"
      w={140}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

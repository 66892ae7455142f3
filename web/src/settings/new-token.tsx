import { Checkbox, NumberInput, Radio, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import { createToken, type TokenAccess } from "../../../src/contracts/endpoints/access.ts";
import type { EndpointAnswer } from "../../../src/contracts/endpoint.ts";
import { call } from "../api.ts";
import { problemPlaces, problemWords } from "../ui/problem-places.ts";
import { Optional } from "./optional.tsx";
import { FormDrawer } from "./form-drawer.tsx";

export type MadeToken = EndpointAnswer<typeof createToken>;
type Access = z.infer<typeof TokenAccess>;

const presets = [
  {
    value: "vendor",
    label: "Token for a vendor",
    description: "May only insert leads (leads/insert), nothing else",
    access: ["leads/insert"],
  },
  {
    value: "dialler",
    label: "Token for a dialler",
    description: "Sends events, and reads and writes leads, callbacks and DNC numbers",
    access: ["events", "leads", "callbacks", "dnc"],
  },
  {
    value: "metrics",
    label: "Metrics",
    description: "Reads /metrics, for Prometheus; nothing else",
    access: ["metrics"],
  },
  { value: "leads", label: "Leads", description: "All that /v1 does with leads", access: ["leads"] },
  { value: "admin", label: "Admin API", description: "All that this page does, settings too", access: ["admin"] },
  { value: "own", label: "Several", description: "Choose below", access: null },
] as const;
const sections: readonly (readonly [Access, string])[] = [
  ["leads/insert", "leads/insert"],
  ["leads", "leads, every endpoint"],
  ["events", "events from the dialler"],
  ["callbacks", "callbacks"],
  ["dnc", "DNC numbers"],
  ["metrics", "metrics of /metrics"],
  ["admin", "admin API"],
];
const ends = [
  { value: "", label: "Never" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
];

/** A new token: for what, until when, how often. */
export function NewToken({ close, done }: { close: () => void; done: (token: MadeToken) => void }) {
  const [name, setName] = useState("");
  const [preset, setPreset] = useState<(typeof presets)[number]["value"]>("vendor");
  const [own, setOwn] = useState<Access[]>(["leads/insert"]);
  const [days, setDays] = useState("");
  const [rate, setRate] = useState<number | string>("");
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => {
      const access = presets.find(({ value }) => value === preset)?.access ?? own;
      return call(createToken, {
        body: {
          name,
          access: [...access],
          rate_per_second: rate === "" ? null : Number(rate),
          expires_at: days === "" ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
        },
      });
    },
  });
  const places = problemPlaces(error);
  return (
    <FormDrawer
      title="Add token"
      verb="Make the token"
      saving={isPending}
      fault={problemWords(error, ["name", "access", "rate_per_second", "expires_at"])}
      close={close}
      submit={(refused) => mutate(undefined, { onSuccess: done, onError: refused })}
    >
      <TextInput
        label="Name"
        description="Who or what uses it, such as Ridgeline web form."
        data-autofocus
        value={name}
        error={places["name"]}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group
        label="What it may do"
        value={preset}
        error={preset === "own" ? undefined : places["access"]}
        onChange={(value) => setPreset(value)}
      >
        <div className="scheck" style={{ paddingTop: 4 }}>
          {presets.map(({ value, label, description }) => (
            <Radio key={value} value={value} label={label} description={description} />
          ))}
        </div>
      </Radio.Group>
      {preset === "own" && (
        <Checkbox.Group
          aria-label="Sections"
          value={own}
          error={places["access"]}
          onChange={(chosen) => setOwn(chosen)}
        >
          <div className="scheck" style={{ paddingLeft: 28 }}>
            {sections.map(([value, label]) => (
              <Checkbox key={value} value={value} label={<span className="mono">{label}</span>} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <Select
        label="Runs out"
        data={ends}
        value={days}
        error={places["expires_at"]}
        onChange={(value) => setDays(value ?? "")}
      />
      <NumberInput
        label={<Optional>Requests a second, at most</Optional>}
        aria-label="Requests a second, at most"
        placeholder="No limit"
        min={1}
        max={100_000}
        allowDecimal={false}
        hideControls
        value={rate}
        error={places["rate_per_second"]}
        onChange={setRate}
      />
    </FormDrawer>
  );
}

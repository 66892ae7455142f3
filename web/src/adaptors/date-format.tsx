import { Combobox, TextInput, useCombobox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useContext, useState } from "react";
import { generateData } from "../../../src/contracts/endpoints/connects.ts";
import type { LeadId } from "../../../src/contracts/ids.ts";
import { call } from "../api.ts";
import type { FieldInfo } from "../ui/fields.ts";
import { datePatternNames, datePatterns, phpDate } from "../ui/php-date.ts";
import { useSession } from "../ui/session.ts";
import { Generated } from "./generated-context.ts";
import { ThisLead } from "./this-lead.tsx";

/** The patterns of the table, each with this lead's date, and a place to type any other. */
export function DateFormat({
  id,
  field,
  pattern,
  set,
}: {
  id: string;
  field: FieldInfo;
  pattern: string;
  set: (pattern: string) => void;
}) {
  const { account } = useSession();
  const { faults, leadId } = useContext(Generated);
  const example = useExample(field, leadId);
  // a date without a time never shifts with the zone
  const zone = field.kind === "date" ? "UTC" : account.time_zone;
  const combobox = useCombobox({ opened: true });
  const fault = faults.get(`${id}.date_format`);
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(value) => {
        set(value === system ? "" : value);
        combobox.resetSelectedOption();
      }}
    >
      <div className="fpart" style={{ paddingBottom: 8 }}>
        <Combobox.EventsTarget withExpandedAttribute>
          {/* the combobox above adds aria-controls and aria-expanded */}
          {/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/role-has-required-aria-props */}
          <TextInput
            size="xs"
            role="combobox"
            aria-label="Date format"
            placeholder="System default"
            value={pattern}
            error={fault}
            maxLength={100}
            classNames={{ input: "mono" }}
            spellCheck={false}
            data-autofocus
            onChange={(event) => {
              set(event.currentTarget.value);
              combobox.resetSelectedOption();
            }}
          />
        </Combobox.EventsTarget>
        {!fault && <ThisLead id={id} />}
      </div>
      <hr className="hr" />
      <Combobox.Options className="flist" aria-label="Date formats" tabIndex={-1}>
        {datePatterns.map((each) => (
          <Combobox.Option key={each} value={each || system} active={each === pattern} className="po">
            <span className={datePatternNames[each] ? undefined : "mono"} style={{ fontSize: 12.5 }}>
              {datePatternNames[each] ?? each}
            </span>
            <span className="dim num">{phpDate(example, each || account.date_format, zone)}</span>
          </Combobox.Option>
        ))}
      </Combobox.Options>
      <hr className="hr" />
      <div className="dim" style={{ padding: "7px 12px", fontSize: 12 }}>
        Any pattern of PHP letters works.{" "}
        {field.kind === "date" ? "A day without a time never shifts." : `${account.time_zone} time.`}
      </div>
    </Combobox>
  );
}

const system = "system default";

/** The lead's own date, read through the builder since the call's fields are known to the server alone; else now. */
function useExample(field: FieldInfo, leadId: LeadId | null): Date {
  const [now] = useState(() => new Date());
  const { data } = useQuery({
    queryKey: ["date-example", field.section, field.key, leadId],
    queryFn: ({ signal }) =>
      call(
        generateData,
        {
          body: {
            adaptor: {
              name: "Example",
              fields: [{ section: field.section, field: field.key, to: "date", date_format: "iso8601" }],
            },
            ...(leadId === null ? {} : { lead_id: leadId }),
          },
        },
        signal,
      ),
    staleTime: 60_000,
  });
  const at = new Date(data?.trace[0]?.value ?? "");
  return Number.isNaN(at.getTime()) ? now : at;
}

import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ConnectSettings } from "../../../src/contracts/connect.ts";
import { testConnect, testUnsavedConnect } from "../../../src/contracts/endpoints/connects.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { call, wordsOf } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { leadName } from "../ui/lead-picker.tsx";
import { showPhone } from "../ui/phone.ts";
import { problemPlaces } from "../ui/problem-places.ts";
import { settingNames } from "../ui/setting-names.ts";
import { TestResult } from "../ui/test-result.tsx";

/** *Test Connect*: one real request with this lead, and what came of it beside the button. */
export function TestSection({
  connectId,
  name,
  values,
  changed,
  lead,
  mayUnsaved,
}: {
  /** null: not saved yet. */
  connectId: number | null;
  name: string;
  values: ConnectSettings;
  changed: boolean;
  lead: LeadSummary | null;
  mayUnsaved: boolean;
}) {
  const [typed, setTyped] = useState<number | null>(null);
  const queries = useQueryClient();
  const leadId = typed ?? lead?.id;
  const test = useMutation({
    mutationFn: async () => {
      const withLead = leadId === undefined ? {} : { lead_id: leadId };
      return connectId === null || (changed && mayUnsaved)
        ? call(testUnsavedConnect, {
            body: { ...(connectId === null ? {} : { connect_id: connectId }), connect: values, ...withLead },
          })
        : call(testConnect, { params: { id: connectId }, body: withLead });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["deliveries"] }),
  });
  return (
    <section className="testpart" id="test" aria-labelledby="test-title">
      <h2 id="test-title">Test Connect</h2>
      <p className="dim" style={{ margin: "0 0 12px", fontSize: 13 }}>
        Sends one real request to {name || "the vendor"}, with the settings above
        {mayUnsaved ? ", saved or not" : " as they are saved"}.
      </p>
      <div className="testline">
        <NumberInput
          hideControls
          label="Lead ID"
          w={140}
          classNames={{ input: "num" }}
          allowDecimal={false}
          allowNegative={false}
          value={leadId ?? ""}
          onChange={(value) => setTyped(value === "" ? null : Number(value))}
        />
        <Button type="button" variant="light" loading={test.isPending} onClick={() => test.mutate()}>
          Test Connect
        </Button>
      </div>
      <div className="mantine-InputWrapper-description">
        {lead && leadId === lead.id ? (
          `${leadName(lead)}, ${showPhone(lead.phone_number)}. Your latest lead.`
        ) : lead ? (
          "Another lead than the latest."
        ) : (
          <>
            There is no lead yet.{" "}
            <Link className="lnk" to="/leads">
              Bring one in
            </Link>
          </>
        )}
      </div>
      <div aria-live="polite" style={{ marginTop: 14 }}>
        {test.error && <Notice o="failed">{testFault(test.error)}</Notice>}
        {test.data && <TestResult connectId={connectId} deliveryId={test.data.delivery_id} />}
      </div>
    </section>
  );
}

function testFault(error: unknown): string {
  const places = Object.entries(problemPlaces(error));
  if (places.length === 0) return wordsOf(error);
  return places
    .map(([path, message]) => {
      const setting = path.replace(/^connect\./, "");
      return `${setting in settingNames ? settingNames[setting as keyof typeof settingNames] : setting}: ${message}`;
    })
    .join(" ");
}

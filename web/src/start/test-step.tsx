import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Connect } from "../../../src/contracts/connect.ts";
import { testConnect } from "../../../src/contracts/endpoints/connects.ts";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import { call, wordsOf } from "../api.ts";
import { Notice } from "../ui/atoms.tsx";
import { leadName } from "../ui/lead-picker.tsx";
import { TestResult } from "../ui/test-result.tsx";

/** The first real request, and what came back. */
export function TestStep({ connect, lead }: { connect: Connect; lead: LeadSummary }) {
  const test = useMutation({
    mutationFn: () => call(testConnect, { params: { id: connect.id }, body: { lead_id: lead.id } }),
  });
  return (
    <section className="panel" style={{ padding: 18 }} aria-label="Test Connect">
      <p className="t2" style={{ margin: "0 0 14px", fontSize: 13.5 }}>
        Sends {leadName(lead)} to {connect.name} once, and shows what came back.
      </p>
      <Button loading={test.isPending} onClick={() => test.mutate()}>
        Test Connect
      </Button>
      <div aria-live="polite" style={{ marginTop: test.data || test.error ? 14 : 0 }}>
        {test.error && <Notice o="failed">{wordsOf(test.error)}</Notice>}
        {test.data && <TestResult connectId={connect.id} deliveryId={test.data.delivery_id} />}
      </div>
      {test.data && (
        <p className="t2" style={{ margin: "14px 0 0", fontSize: 13 }}>
          Next:{" "}
          <Link className="lnk" to="/connects/$id" params={{ id: String(connect.id) }}>
            all settings of {connect.name}
          </Link>
          {connect.adaptor_id !== null && (
            <>
              , or{" "}
              <Link className="lnk" to="/adaptors/$id" params={{ id: String(connect.adaptor_id) }}>
                what it is sent
              </Link>
            </>
          )}
          .
        </p>
      )}
    </section>
  );
}

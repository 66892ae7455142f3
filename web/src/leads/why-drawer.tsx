import { Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Side } from "../ui/side.tsx";
import { WhyNot } from "../ui/why-not.tsx";
import { workflowChoicesQuery } from "../ui/workflow-choices.ts";

/** Why did this not fire? For a lead: the workflow and the event are chosen here. */
export function WhyDrawer({
  lead,
  workflow,
  event,
  run,
  change,
}: {
  lead: number;
  /** 0: the first there is. */
  workflow: number;
  event: string | undefined;
  run: string | undefined;
  change: (patch: { why?: number | undefined; event?: string | undefined; run?: undefined }) => void;
}) {
  const { data } = useQuery(workflowChoicesQuery);
  const chosen = workflow === 0 ? Number(data?.items[0]?.id ?? 0) : workflow;
  const close = () => change({ why: undefined, event: undefined, run: undefined });
  return (
    <Side label="Why did this not fire?" close={close}>
      <div className="dhead">
        <span className="dim">Why did this not fire?</span>
        <span className="right">
          <button type="button" className="iconbtn" aria-label="Close" onClick={close}>
            <IconX size={18} aria-hidden />
          </button>
        </span>
      </div>
      <div className="wwhy">
        {chosen === 0
          ? data && (
              <p className="t2">
                There is no workflow yet.{" "}
                <Link className="lnk" to="/workflows">
                  Workflows
                </Link>
              </p>
            )
          : data && (
              <WhyNot
                asked={{ workflow: chosen, lead, event, run }}
                chooseEvent={(to) => change({ why: chosen, event: to, run: undefined })}
                before={
                  <Select
                    size="xs"
                    className="waskevent"
                    aria-label="Workflow"
                    searchable
                    data={data.items.map(({ id, name }) => ({ value: String(id), label: name }))}
                    value={String(chosen)}
                    onChange={(to) => to && change({ why: Number(to), event, run: undefined })}
                  />
                }
              />
            )}
      </div>
    </Side>
  );
}

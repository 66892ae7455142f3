import { Button, Popover, Select } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { sendLead } from "../../../src/contracts/endpoints/leads.ts";
import type { ConnectId } from "../../../src/contracts/ids.ts";
import type { Lead } from "../../../src/contracts/lead.ts";
import { call, wordsOf } from "../api.ts";
import { leadName } from "../ui/lead-picker.tsx";
import { say } from "../ui/toast.tsx";
import { connectsToSendQuery, leadDeliveriesQuery } from "./queries.ts";

/** Owes this lead to a connect: the delivery appears below and updates by itself. */
export function SendThrough({ lead }: { lead: Lead }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={15} aria-hidden />}
          onClick={() => setOpen((is) => !is)}
        >
          Send through connect…
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={14}>{open && <Choose lead={lead} close={() => setOpen(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

function Choose({ lead, close }: { lead: Lead; close: () => void }) {
  const queries = useQueryClient();
  const { data } = useQuery(connectsToSendQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const connects = data?.items ?? [];
  const only = connects.length === 1 ? connects[0] : undefined;
  const connect = connects.find(({ id }) => String(id) === chosen) ?? only;
  const { mutate, error, isPending } = useMutation({
    mutationFn: (connect_id: ConnectId) => call(sendLead, { params: { id: lead.id }, body: { connect_id } }),
    onSuccess: () => {
      say(`${leadName(lead)} goes to ${connect?.name ?? "the connect"}`);
      void queries.invalidateQueries({ queryKey: leadDeliveriesQuery(lead.id).queryKey });
      close();
    },
  });
  if (data && connects.length === 0)
    return (
      <div className="t2" style={{ fontSize: 13 }}>
        There is no connect yet.{" "}
        <Link className="lnk" to="/connects">
          Add Connect
        </Link>
      </div>
    );
  return (
    <form
      className="stack"
      style={{ gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (connect) mutate(connect.id);
      }}
    >
      <Select
        label="Connect"
        placeholder="Choose one"
        searchable={connects.length > 7}
        data-autofocus
        data={connects.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={connect ? String(connect.id) : null}
        error={error ? wordsOf(error) : undefined}
        description={
          connect && !connect.active ? "It is off: the delivery is held until it is switched on." : undefined
        }
        comboboxProps={{ withinPortal: false }}
        onChange={setChosen}
      />
      <Button type="submit" loading={isPending} disabled={!connect}>
        Send {leadName(lead)}
      </Button>
    </form>
  );
}

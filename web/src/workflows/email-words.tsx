import { Textarea, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Action } from "../../../src/contracts/workflow.ts";
import { useSession } from "../ui/session.ts";
import { useChoices } from "./choices.ts";
import { One } from "./inputs.tsx";
import { Value } from "./value.tsx";

/** "to {lead.email}: Thank you", and the mail itself behind it. */
export function EmailWords({
  action,
  set,
  fresh,
}: {
  action: Extract<Action, { type: "email" }>;
  set: (action: Action) => void;
  fresh: boolean;
}) {
  const { templates } = useChoices();
  const { account } = useSession();
  return (
    <>
      to{" "}
      <Value label="To" words={<span className="mono">{action.to}</span>}>
        {() => (
          <TextInput
            label="To"
            description="{lead.email} is the lead’s own address."
            classNames={{ input: "mono" }}
            data-autofocus
            value={action.to}
            onChange={(event) => set({ ...action, to: event.currentTarget.value })}
          />
        )}
      </Value>
      :{" "}
      <Value label="Mail" words={action.subject} fresh={fresh} width={440}>
        {() => (
          <div className="stack" style={{ gap: 12 }}>
            {templates.length > 0 && (
              <One
                label="Fill in from a template"
                value={null}
                choices={templates.map(({ id, name }) => ({ value: String(id), label: name }))}
                none=""
                set={(id) => {
                  const template = templates.find((one) => String(one.id) === id);
                  if (template) set({ ...action, subject: template.subject, body: template.body });
                }}
              />
            )}
            <TextInput
              label="Subject"
              {...(templates.length === 0 ? { "data-autofocus": true } : {})}
              value={action.subject}
              onChange={(event) => set({ ...action, subject: event.currentTarget.value })}
            />
            <Textarea
              label="Text"
              description="Places such as {lead.first_name} or {call.status} are filled in."
              autosize
              minRows={5}
              maxRows={12}
              value={action.body}
              onChange={(event) => set({ ...action, body: event.currentTarget.value })}
            />
            {account.smtp === null && (
              <p className="t2" style={{ margin: 0, fontSize: 12.5 }}>
                No mail server is set yet: mails wait until there is one.{" "}
                <Link className="lnk" to="/settings" search={{ tab: "email" }}>
                  Settings, E-mail
                </Link>
              </p>
            )}
          </div>
        )}
      </Value>
    </>
  );
}

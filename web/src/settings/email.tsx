import { EmailTemplates } from "./email-templates.tsx";
import { Sending } from "./sending.tsx";

/** How workflows reach people: the mail server, what SMS and calls go out through, and the mails. */
export default function Email() {
  return (
    <>
      <Sending />
      <EmailTemplates />
    </>
  );
}

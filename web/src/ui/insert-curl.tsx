import { CopyButton } from "./copy-button.tsx";

/** The call that brings a lead in, ready to paste into a shell. Values are made up: a 555-01xx phone, example.com. */
function insertCurl(token: string, listId: number | null): string {
  const pairs = [
    ["auth_token", token],
    ["list_id", listId === null ? "LIST_ID" : String(listId)],
    ["phone_number", "3105550142"],
    ["first_name", "Maria"],
    ["last_name", "Alvarez"],
    ["email", "maria.alvarez@example.com"],
  ];
  return [`curl ${location.origin}/v1/leads/insert`, ...pairs.map(([name, value]) => `  -d ${name}=${value}`)].join(
    " \\\n",
  );
}

/** The call with its copy button. */
export function InsertCurl({ token = "YOUR_TOKEN", listId }: { token?: string; listId: number | null }) {
  const text = insertCurl(token, listId);
  return (
    <div className="well" style={{ padding: "10px 12px", maxWidth: 560 }}>
      <span className="curlcopy">
        <CopyButton text={text} label="Copy" />
      </span>
      <pre className="code">{text}</pre>
    </div>
  );
}

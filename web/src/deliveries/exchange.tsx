import { useState } from "react";
import type { Call } from "../../../src/contracts/delivery.ts";
import { Sec } from "../ui/atoms.tsx";
import { bytesOf, Json, laidOut, WithSecrets } from "../ui/code.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { curlOf } from "../ui/curl.ts";

/** One call: the request exactly as it was sent, secrets masked, and the answer. */
export function Exchange({ call, name, failed }: { call: Call; name: string; failed: boolean }) {
  const { request, response, status } = call;
  return (
    <>
      <Sec
        right={
          <>
            <span className="dim num small">
              exactly as sent{request.body !== null && ` · ${bytesOf(request.body)}`}
            </span>
            <CopyButton quiet text={curlOf(request)} label="Copy as curl" />
          </>
        }
      >
        Request {name}
      </Sec>
      <div className="well codewell">
        <div className="code">
          <b style={{ fontWeight: 600 }}>{request.method}</b> <WithSecrets text={request.url} />
          <HeaderLines headers={request.headers} />
        </div>
        {request.body !== null && request.body !== "" && <Body text={request.body} />}
      </div>
      <Sec
        style={{ marginTop: 16 }}
        right={
          response && (
            <span className="dim num small">
              {bytesOf(response.body)}
              {response.truncated && ", cut"}
            </span>
          )
        }
      >
        Answer {name}
      </Sec>
      <div className="well codewell">
        {response ? (
          <>
            <div className="code">
              <b style={{ fontWeight: 600, color: failed ? "var(--pb-failed)" : undefined }}>
                {status} {statusWords[status ?? 0] ?? ""}
              </b>
              <HeaderLines headers={response.headers} fold />
            </div>
            {response.body === "" ? <p className="dim empbody">The body is empty.</p> : <Body text={response.body} />}
            {response.truncated && <p className="dim empbody">Cut here: only the beginning is kept.</p>}
          </>
        ) : (
          <span className="dim" style={{ fontSize: 13 }}>
            {status === null ? "No answer came." : `${status}. The body could not be read.`}
          </span>
        )}
      </div>
    </>
  );
}

const foldedAt = 4;

function HeaderLines({ headers, fold = false }: { headers: Call["request"]["headers"]; fold?: boolean }) {
  const [all, setAll] = useState(false);
  const shown = fold && !all && headers.length > foldedAt ? tellingFirst(headers).slice(0, 2) : headers;
  return (
    <>
      {shown.map(([name, value], at) => (
        // headers may repeat, and their order is what was sent
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at}>
          <span className="k">{name}</span>: <WithSecrets text={value} />
        </div>
      ))}
      {shown.length < headers.length && (
        <button type="button" className="lnk morelink" onClick={() => setAll(true)}>
          {headers.length - shown.length} more headers
        </button>
      )}
    </>
  );
}

/** Those that explain most come first while the rest is folded. */
const telling = ["content-type", "retry-after", "location", "www-authenticate"];
const rank = (name: string): number => {
  const at = telling.indexOf(name.toLowerCase());
  return at < 0 ? telling.length : at;
};
function tellingFirst(headers: Call["request"]["headers"]): Call["request"]["headers"] {
  return headers.toSorted(([a], [b]) => rank(a) - rank(b));
}

const linesShown = 14;

function Body({ text }: { text: string }) {
  const [raw, setRaw] = useState(false);
  const [all, setAll] = useState(false);
  const pretty = laidOut(text);
  const lines = (raw ? text : pretty).split("\n");
  const folded = !all && lines.length > linesShown + 3;
  return (
    <>
      <hr className="hr wellline" />
      <pre className="code bodycode">
        <Json text={folded ? lines.slice(0, linesShown).join("\n") : lines.join("\n")} />
      </pre>
      <span style={{ display: "flex", gap: 14 }}>
        {folded && (
          <button type="button" className="lnk morelink" onClick={() => setAll(true)}>
            Show all {lines.length.toLocaleString("en")} lines
          </button>
        )}
        {pretty !== text && (
          <button type="button" className="lnk morelink" onClick={() => setRaw(!raw)}>
            {raw ? "Laid out" : "As it travelled"}
          </button>
        )}
      </span>
    </>
  );
}

const statusWords: Readonly<Record<number, string>> = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
  304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
  402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
  407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
  413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content", 425: "Too Early",
  429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
  503: "Service Unavailable", 504: "Gateway Timeout",
}; // prettier-ignore

/** "401 Unauthorized", or what happened instead of an answer. */
export const statusLine = (status: number | null): string =>
  status === null ? "No answer" : `${status} ${statusWords[status] ?? ""}`.trim();

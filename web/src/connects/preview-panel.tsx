import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { LeadSummary } from "../../../src/contracts/lead.ts";
import type { ShownRequest, TraceRow } from "../../../src/contracts/preview.ts";
import { Method, Notice, Sec } from "../ui/atoms.tsx";
import { bytesOf, Json, laidOut, WithSecrets } from "../ui/code.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { LeadPicker } from "../ui/lead-picker.tsx";
import { sentence } from "../ui/sentence.ts";
import { settingWords } from "../ui/setting-names.ts";
import type { LivePreview } from "./use-preview.ts";
import { settingOf } from "./wants-look.ts";

/** What would be sent, byte for byte: method, URL, headers, body, and each row's way through the adaptor. */
export function PreviewPanel({
  live,
  lead,
  chooseLead,
  close,
}: {
  live: LivePreview;
  lead: LeadSummary | null;
  chooseLead: (lead: LeadSummary) => void;
  /** Only within the bottom sheet. */
  close?: () => void;
}) {
  const { preview, faults, words, ready } = live;
  const request = preview?.requests[0];
  return (
    <section className="panel pv" aria-label="Preview">
      <div className="ph pvhead">
        <h2>Preview</h2>
        <span className="dim" style={{ fontWeight: 450, fontSize: 13 }}>
          with
        </span>
        <LeadPicker lead={lead} choose={chooseLead} label="Preview with lead" />
        <span className="right" style={{ gap: 4 }}>
          {request && <CopyButton text={request.curl} label="Copy as curl" />}
          {close && (
            <button type="button" className="iconbtn" aria-label="Close" onClick={close}>
              <IconX size={18} aria-hidden />
            </button>
          )}
        </span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <section className="pscroll" tabIndex={0} aria-label="What would be sent">
        <Faults faults={faults} words={words} />
        {request ? (
          <>
            <Request request={request} />
            {preview.warnings.length > 0 && <Warnings warnings={preview.warnings} />}
            {preview.trace.length > 0 && <Mapping trace={preview.trace} />}
          </>
        ) : (
          <p className="dim" style={{ padding: "18px 14px", margin: 0, fontSize: 13 }}>
            {ready
              ? "The request appears here once the settings allow it."
              : "Fill in API URL (B), and the request appears here."}
          </p>
        )}
      </section>
      <div className="dim pvfoot">Follows every keystroke. Nothing is sent.</div>
    </section>
  );
}

function Faults({ faults, words }: { faults: Readonly<Record<string, string>>; words: string | null }) {
  const places = Object.entries(faults);
  if (places.length === 0 && !words) return null;
  return (
    <div style={{ padding: "10px 14px 0" }}>
      <Notice o="retrying">
        {words ??
          places.map(([path, message]) => (
            <div key={path}>
              <b style={{ fontWeight: 600 }}>{nameOf(path)}:</b> {message}
            </div>
          ))}
      </Notice>
    </div>
  );
}

function nameOf(path: string): string {
  // the adaptor's rows are on a page of their own
  const setting = settingOf(path.replace(/^adaptor\..*/, "adaptor_id"));
  return setting ? settingWords(setting) : path;
}

function Request({ request }: { request: ShownRequest }) {
  return (
    <>
      <div className="pvpart pvurl">
        <Method>{request.method}</Method>
        <div className="code" style={{ flex: 1, minWidth: 0 }}>
          <WithSecrets text={request.url} />
        </div>
      </div>
      {request.headers.length > 0 && (
        <Part>
          <Sec>Headers</Sec>
          <Headers headers={request.headers} />
        </Part>
      )}
      {request.body !== null && (
        <Part>
          <Sec right={<span className="dim num small">{bytesOf(request.body)}</span>}>Body</Sec>
          <pre className="code" style={{ lineHeight: "18px" }}>
            <Json text={laidOut(request.body)} />
          </pre>
        </Part>
      )}
    </>
  );
}

const Part = ({ children }: { children: ReactNode }) => <div className="pvpart">{children}</div>;

function Headers({ headers }: { headers: ShownRequest["headers"] }) {
  return (
    <div className="code">
      {headers.map(([name, value], at) => (
        // headers may repeat, and their order is what is sent
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at}>
          <span className="k">{name}</span>: <WithSecrets text={value} />
        </div>
      ))}
    </div>
  );
}

function Warnings({ warnings }: { warnings: readonly { path: string; message: string }[] }) {
  return (
    <Part>
      <Sec>Worth a look</Sec>
      <ul className="warnlist">
        {warnings.map(({ path, message }) => (
          <li key={`${path} ${message}`}>{sentence(message)}</li>
        ))}
      </ul>
    </Part>
  );
}

const shownFirst = 8;

function Mapping({ trace }: { trace: readonly TraceRow[] }) {
  const [all, setAll] = useState(false);
  const rows = all ? trace : trace.filter((row) => row.to !== null).slice(0, shownFirst);
  return (
    <Part>
      <Sec
        right={
          (all || rows.length < trace.length) && (
            <Button size="compact-sm" variant="subtle" onClick={() => setAll(!all)}>
              {all ? "Fewer" : `All ${trace.length} fields`}
            </Button>
          )
        }
      >
        Mapping
      </Sec>
      <table className="maptable">
        <caption className="sr">Mapping, row by row</caption>
        <thead className="sr">
          <tr>
            <th>Field</th>
            <th>Mapped to</th>
            <th>Value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // rows have no id of their own; static pairs may repeat
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={at} className={row.to === null ? "dim" : undefined}>
              <td className="trunc" title={`${row.section}.${row.field}`}>
                {row.label}
              </td>
              <td className="mono trunc" title={row.to ?? undefined}>
                <span className="arrow" aria-hidden>
                  →{" "}
                </span>
                {row.to ?? <span className="dim">not sent</span>}
              </td>
              <td className="t2">
                <div className="trunc">
                  <WithSecrets text={row.value} />
                </div>
                {row.note && <div className="mapnote">{row.note}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Connect, Warning } from "../../../src/contracts/connect.ts";
import type { Delivery } from "../../../src/contracts/delivery.ts";
import { Glyph } from "../ui/outcome.tsx";
import { sentence } from "../ui/sentence.ts";
import type { SettingName } from "../ui/setting-names.ts";
import type { OutcomeName } from "../theme.ts";
import type { Draft } from "./draft.ts";
import type { Questions } from "./use-questions.ts";
import { lastDeliveryQuery } from "./queries.ts";
import { settingOf } from "./wants-look.ts";

/**
 * What deserves a look at a setting: what saving warns of (`live`: what it would warn of now), and the fault of the last
 * delivery that it caused.
 */
export function useRemarks(
  connect: Connect | null,
  draft: Draft,
  live: readonly Warning[] | undefined,
  questions: Questions,
): Partial<Record<SettingName, ReactNode>> {
  const last = useQuery({ ...lastDeliveryQuery(connect?.id ?? 0), enabled: connect !== null }).data?.items[0];
  const remarks: Partial<Record<SettingName, ReactNode>> = {};
  for (const { path, message } of live ?? connect?.warnings ?? []) {
    const setting = settingOf(path);
    if (setting && isAsked(questions, setting, message)) continue;
    if (setting) remarks[setting] = <Remark o="retrying">{sentence(message)}</Remark>;
  }
  if (!connect) return remarks;
  const setting = last?.diagnosis?.setting;
  // a fault older than the settings says nothing about them
  if (last && setting && !draft.changed(setting) && Date.parse(last.created_at) > Date.parse(connect.saved_at))
    remarks[setting] = <LastFault connect={connect.id} delivery={last} />;
  return remarks;
}

/** The same is asked about below the field, with a way to put it right. */
const isAsked = (questions: Questions, setting: SettingName, message: string): boolean =>
  (setting === "api_authentication" || setting === "authorization_header") &&
  questions.of(setting).questions.includes(message);

function Remark({ o, children }: { o: OutcomeName; children: ReactNode }) {
  return (
    <div className="remark" style={{ color: `var(--pb-${o})` }}>
      {o === "retrying" ? <IconAlertTriangle size={14} aria-hidden /> : <Glyph o={o} size={14} />}
      <span>{children}</span>
    </div>
  );
}

function LastFault({ connect, delivery }: { connect: number; delivery: Delivery }) {
  return (
    <Remark o="failed">
      {sentence(delivery.diagnosis?.message ?? "")} {sentence(delivery.diagnosis?.fix ?? "")}{" "}
      <Link className="lnk" to="/connects/$id/logs" params={{ id: String(connect) }} search={{ open: delivery.id }}>
        See the answer
      </Link>
    </Remark>
  );
}

import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ConnectSummary } from "../../../src/contracts/connect.ts";
import { Notice } from "../ui/atoms.tsx";
import { useMay, useSession } from "../ui/session.ts";
import { showTime } from "../ui/time.tsx";
import { AskDiscard } from "./ask-discard.tsx";
import { queueCount } from "./health-words.ts";
import { heldCount, heldReasons, pauseWords } from "./standing.ts";
import type { usePause } from "./use-pause.tsx";

/** Below a connect's head: why it sends nothing now, what is held and why, and what can be done. Nothing when all goes. */
export function StandingNotice({
  connect,
  pausing,
}: {
  connect: ConnectSummary;
  pausing: ReturnType<typeof usePause>;
}) {
  const zone = useSession().account.time_zone;
  const operator = useMay("operator");
  const admin = useMay("admin");
  const [discarding, setDiscarding] = useState(false);
  const { standing, active } = connect;
  const held = heldCount(connect);
  const paused = standing.paused_at !== null;
  const why = pauseWords(standing, (at) => withoutSeconds(showTime(at, zone)));
  const words =
    active || why === null ? why : paused ? `${why} It is off as well: switched on, it would still wait.` : null;
  if (words === null && held === 0) return null;
  return (
    <section className="pad" style={{ paddingTop: 10 }} aria-label="How the connect stands">
      <Notice
        o={words !== null && !paused ? "failed" : "held"}
        act={
          <span className="noticeacts">
            {admin && held > 0 && (
              <Button size="xs" variant="subtle" color="gray" onClick={() => setDiscarding(true)}>
                Discard held…
              </Button>
            )}
            {operator && paused && (
              <Button size="xs" variant="light" loading={pausing.pending} onClick={() => pausing.pause(connect, false)}>
                {active ? "Resume" : "End the pause"}
              </Button>
            )}
          </span>
        }
      >
        {words}{" "}
        {held > 0 && (
          <span className="t2">
            {heldWords(connect)}{" "}
            <Link
              className="lnk"
              to="/connects/$id/logs"
              params={{ id: String(connect.id) }}
              search={{ state: "held" }}
            >
              Show {held === 1 ? "it" : "them"}
            </Link>
          </span>
        )}
      </Notice>
      {discarding && <AskDiscard connect={connect} close={() => setDiscarding(false)} />}
    </section>
  );
}

const withoutSeconds = (time: string): string => time.replace(/^(\d\d:\d\d):\d\d$/, "$1");

/** `12 deliveries are held because it is paused; 2 for a person, as the answer was lost.` */
function heldWords(connect: ConnectSummary): string {
  const [first, ...others] = heldReasons(connect);
  if (first === undefined) return "";
  const begin = `${queueCount(first.count)} ${first.count === 1 ? "delivery is" : "deliveries are"} held ${first.words}`;
  return [begin, ...others.map(({ count, words }) => `${queueCount(count)} ${words}`)].join("; ") + ".";
}

import "./settings.css";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, type ComponentType } from "react";
import { z } from "zod";
import { LoadingPage } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { useUrlState } from "../ui/use-url-state.ts";

type Tab = { readonly id: string; readonly label: string; readonly adminOnly?: true; readonly Page: ComponentType };

const tabs: readonly Tab[] = [
  { id: "account", label: "Account", Page: lazy(() => import("./account.tsx")) },
  { id: "lists", label: "Lists & campaigns", Page: lazy(() => import("./lists.tsx")) },
  { id: "statuses", label: "Statuses", Page: lazy(() => import("./statuses.tsx")) },
  { id: "agents", label: "Agents", Page: lazy(() => import("./agents.tsx")) },
  { id: "queues", label: "Queues & numbers", Page: lazy(() => import("./queues.tsx")) },
  { id: "fields", label: "Lead fields", Page: lazy(() => import("./lead-fields.tsx")) },
  { id: "event-sources", label: "Event sources", Page: lazy(() => import("../event-sources/page.tsx")) },
  { id: "email", label: "E-mail & SMS", Page: lazy(() => import("./email.tsx")) },
  { id: "users", label: "Users", adminOnly: true, Page: lazy(() => import("./users.tsx")) },
  { id: "tokens", label: "API tokens", adminOnly: true, Page: lazy(() => import("./tokens.tsx")) },
  { id: "audit", label: "Audit", adminOnly: true, Page: lazy(() => import("./audit.tsx")) },
  { id: "sign-in", label: "Your sign-in", Page: lazy(() => import("./sign-in.tsx")) },
];

const Search = z.object({ tab: z.string().optional() });

/** Settings: one page, its parts named at the side and in the address (`?tab=`). */
export function SettingsPage() {
  const [url] = useUrlState(Search);
  const isAdmin = useMay("admin");
  const shown = tabs.filter(({ adminOnly }) => isAdmin || !adminOnly);
  const { id, label, Page } = shown.find((tab) => tab.id === url.tab) ?? shown[0]!;
  const open = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // on narrow screens the parts' names scroll sideways
    if (open.current?.dataset["tab"] === id) open.current.scrollIntoView({ block: "nearest", inline: "center" });
  }, [id]);
  return (
    <>
      <PageHead title="Settings" />
      <div className="sgrid">
        <nav className="snav" aria-label="Settings">
          {shown.map((tab) => (
            <Link
              key={tab.id}
              ref={tab.id === id ? open : undefined}
              data-tab={tab.id}
              className="navi"
              to="/settings"
              search={{ tab: tab.id }}
              // the router marks links by their path alone; here the tab is what is open
              activeProps={{ "aria-current": undefined }}
              inactiveProps={{}}
              {...(tab.id === id ? { "data-open": true, "aria-current": "page" as const } : {})}
            >
              {tab.label}
            </Link>
          ))}
        </nav>
        <section className="smain" aria-label={label}>
          <Suspense fallback={<LoadingPage />}>
            <Page />
          </Suspense>
        </section>
      </div>
    </>
  );
}

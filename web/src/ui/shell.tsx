import { Drawer } from "@mantine/core";
import {
  IconArrowsExchange,
  IconGitBranch,
  IconMenu2,
  IconPlugConnected,
  IconSearch,
  IconSend,
  IconSettings,
  IconUsers,
  IconX,
} from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Search } from "../search/search.tsx";
import { Mark } from "./atoms.tsx";
import { RoomNotice } from "./room-notice.tsx";
import { SignedOut } from "./signed-out.tsx";
import { Who } from "./who.tsx";

type Item = { to: string; label: string; icon: typeof IconSend };
const leads: Item = { to: "/leads", label: "Leads", icon: IconUsers };
const apps: readonly Item[] = [
  { to: "/connects", label: "Connect", icon: IconPlugConnected },
  { to: "/adaptors", label: "Adaptors", icon: IconArrowsExchange },
  { to: "/workflows", label: "Workflows", icon: IconGitBranch },
];
const rest: readonly Item[] = [
  { to: "/deliveries", label: "Deliveries", icon: IconSend },
  { to: "/settings", label: "Settings", icon: IconSettings },
];

/** The frame of every page once somebody is signed in: navigation, search, the page itself. */
export function Shell() {
  const [searching, setSearching] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching(true);
      }
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, []);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Go to the page
      </a>
      <Announced key={path} />
      <nav className="nav" aria-label="Main">
        <div className="brand">
          <Mark />
          Patchbay
        </div>
        <button type="button" className="search" onClick={() => setSearching(true)}>
          <IconSearch size={15} stroke={1.9} aria-hidden />
          Search<kbd>Ctrl K</kbd>
        </button>
        <NavItems />
      </nav>
      <div className="page">
        <header className="topbar">
          <Mark />
          Patchbay
          <span className="right" style={{ gap: 0 }}>
            <button type="button" className="iconbtn" aria-label="Search" onClick={() => setSearching(true)}>
              <IconSearch size={19} aria-hidden />
            </button>
            <button type="button" className="iconbtn" aria-label="Menu" onClick={() => setMenuOpen(true)}>
              <IconMenu2 size={20} aria-hidden />
            </button>
          </span>
        </header>
        <RoomNotice />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={menuOpen}
        onClose={() => setMenuOpen(false)}
        position="left"
        size={264}
        attributes={{ content: { "aria-label": "Menu" } }}
        classNames={{ content: "navsheet" }}
      >
        <nav className="navdrawer" aria-label="Main">
          <div className="navhead">
            <Mark />
            Patchbay
            <button type="button" className="iconbtn right" aria-label="Close" onClick={() => setMenuOpen(false)}>
              <IconX size={20} aria-hidden />
            </button>
          </div>
          <NavItems chosen={() => setMenuOpen(false)} />
        </nav>
      </Drawer>
      <SignedOut />
      {searching && <Search close={() => setSearching(false)} />}
    </div>
  );
}

function NavItem({ to, label, icon: Icon, chosen }: Item & { chosen?: (() => void) | undefined }) {
  return (
    <Link className="navi" to={to} onClick={chosen} activeOptions={{ exact: false, includeSearch: false }}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {label}
    </Link>
  );
}

function NavItems({ chosen }: { chosen?: () => void }) {
  return (
    <>
      <NavItem {...leads} chosen={chosen} />
      <div className="navg">Apps</div>
      {apps.map((item) => (
        <NavItem key={item.to} {...item} chosen={chosen} />
      ))}
      <div style={{ height: 14 }} />
      {rest.map((item) => (
        <NavItem key={item.to} {...item} chosen={chosen} />
      ))}
      <div className="navfoot">
        <Who />
      </div>
    </>
  );
}

/** Says the page's title to screen readers when another page has come, as a whole load would. */
function Announced() {
  const [title, setTitle] = useState("");
  useEffect(() => {
    // the new page names the browser's tab once it is drawn
    const timer = setTimeout(() => setTitle(document.title), 200);
    return () => clearTimeout(timer);
  }, []);
  return <output className="sr">{title}</output>;
}

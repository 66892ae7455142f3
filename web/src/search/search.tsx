/* oxlint-disable jsx-a11y/prefer-tag-over-role -- an ARIA combobox: no element of HTML draws its options so */
import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconArrowsExchange,
  IconGitBranch,
  IconPlugConnected,
  IconSearch,
  IconSend,
  IconUser,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { search } from "../../../src/contracts/endpoints/leads.ts";
import { refusedLeadSearch } from "../../../src/contracts/masked-filters.ts";
import { call, wordsOf } from "../api.ts";
import { showPhone } from "../ui/phone.ts";
import { useSession } from "../ui/session.ts";
import "./search.css";

const kinds = {
  connect: { icon: IconPlugConnected, word: "Connect", to: "/connects/" },
  adaptor: { icon: IconArrowsExchange, word: "Adaptor", to: "/adaptors/" },
  workflow: { icon: IconGitBranch, word: "Workflow", to: "/workflows/" },
  lead: { icon: IconUser, word: "Lead", to: "/leads/" },
  delivery: { icon: IconSend, word: "Delivery", to: "/deliveries/" },
} as const;

/** Ctrl-K: jumps to any connect, adaptor or workflow by name, lead by phone, e-mail or id (or by id alone), delivery by id. */
export function Search({ close }: { close: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(text.trim(), 120);
  const router = useRouter();
  const list = useId();
  const input = useFocusAtOnce();
  const { data, error } = useQuery({
    queryKey: ["search", asked],
    queryFn: ({ signal }) => call(search, { query: { q: asked } }, signal),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const byId = refusedLeadSearch(useSession().user) !== null;
  const items = asked === "" || error ? [] : (data?.items ?? []);
  const chosen = Math.min(at, items.length - 1);
  const go = (item: (typeof items)[number] | undefined) => {
    if (!item) return;
    close();
    router.history.push(kinds[item.kind].to + encodeURIComponent(item.id));
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((chosen + step + items.length) % Math.max(items.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(items[chosen]);
    }
  };
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      padding={0}
      centered={false}
      yOffset="12vh"
      size={560}
      attributes={{ content: { "aria-label": "Search" } }}
    >
      <TextInput
        data-autofocus
        ref={input}
        variant="unstyled"
        classNames={{ input: "searchinput" }}
        leftSection={<IconSearch size={18} aria-hidden />}
        placeholder={byId ? "Connect, adaptor, workflow or id" : "Connect, adaptor, workflow, phone, e-mail or id"}
        aria-label="Search"
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={items[chosen] ? `${list}-${chosen}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <div id={list} role="listbox" aria-label="Found" className="searchlist">
        {items.map((item, place) => {
          const { icon: Icon, word } = kinds[item.kind];
          return (
            <button
              key={`${item.kind} ${item.id}`}
              id={`${list}-${place}`}
              type="button"
              role="option"
              aria-selected={place === chosen}
              tabIndex={-1}
              className="searchitem"
              onClick={() => go(item)}
              onMouseMove={() => setAt(place)}
            >
              <Icon size={17} stroke={1.8} className="dim" aria-hidden />
              <span className="trunc searchtitle">{item.title}</span>
              <span className="dim trunc num searchdetail">{showDetail(item.detail)}</span>
              <span className="dim searchkind">{word}</span>
            </button>
          );
        })}
      </div>
      <output className="dim searchsay">
        {error
          ? wordsOf(error)
          : asked === ""
            ? byId
              ? leadsById
              : "Type a name, a phone, an e-mail or an id."
            : data && items.length === 0
              ? `Nothing is found for “${asked}”. ${byId ? leadsById : ""}`
              : ""}
      </output>
    </Modal>
  );
}

const leadsById = "Leads are found by id: their names, phones and e-mails are masked for your role.";

/** `2125550147 · November`: the phone as everywhere. */
const showDetail = (detail: string): string => detail.split(" · ").map(showPhone).join(" · ");

/**
 * Who presses Ctrl-K types on, so the box has the cursor before the dialog has faded in; and again when a drawer that was
 * just closed has given the cursor back to the page below.
 */
function useFocusAtOnce(): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const take = () => {
      const box = input.current;
      if (box && !box.closest('[role="dialog"]')?.contains(document.activeElement)) box.focus();
    };
    take();
    const timers = [30, 100, 250].map((ms) => setTimeout(take, ms));
    return () => timers.forEach(clearTimeout);
  }, []);
  return input;
}

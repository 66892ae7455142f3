import { Menu, Popover } from "@mantine/core";
import { createContext, use, useState, type ReactNode } from "react";

/** Whether what is shown may be changed. */
const ReadOnly = createContext(false);
export const ReadOnlyProvider = ReadOnly.Provider;
export const useReadOnly = (): boolean => use(ReadOnly);

/** A part of a sentence that can be changed: blue and underlined, it opens what changes it. */
export function Value({
  label,
  words,
  fresh = false,
  width = 320,
  children,
}: {
  /** What it is, for screen readers: "Disposition". */
  label: string;
  /** Empty: nothing is chosen yet. */
  words: ReactNode;
  /** It was just added: it opens by itself. */
  fresh?: boolean;
  width?: number;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(fresh);
  if (useReadOnly()) return <b className="val fixed">{words || "nothing"}</b>;
  const close = () => setOpen(false);
  return (
    <Popover opened={open} onChange={setOpen} width={width} offset={6} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={words ? "val" : "val unset"} onClick={() => setOpen(!open)}>
          <span className="sr">{label}: </span>
          {words || "choose…"}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={label}>
        <div className="valedit">{children(close)}</div>
      </Popover.Dropdown>
    </Popover>
  );
}

export type PickChoice<T extends string> = { readonly value: T; readonly words: string; readonly note?: string };

/** One of a few: the choices open as a menu. */
export function Pick<T extends string>({
  label,
  value,
  words,
  choices,
  set,
}: {
  label: string;
  value: T;
  /** How the chosen one reads in the sentence, if not as in the menu. */
  words?: string;
  choices: readonly PickChoice<T>[];
  set: (value: T) => void;
}) {
  const chosen = words ?? choices.find((choice) => choice.value === value)?.words ?? value;
  if (useReadOnly()) return <b className="val fixed">{chosen}</b>;
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <button type="button" className="val">
          <span className="sr">{label}: </span>
          {chosen}
        </button>
      </Menu.Target>
      <Menu.Dropdown className="valmenu">
        <Menu.RadioGroup value={value} onChange={(to) => set(to as T)}>
          {choices.map((choice) => (
            <Menu.RadioItem key={choice.value} value={choice.value} closeMenuOnClick>
              {choice.words}
              {choice.note && <span className="valnote">{choice.note}</span>}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

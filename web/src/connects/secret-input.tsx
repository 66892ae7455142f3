import { TextInput, type TextInputProps } from "@mantine/core";
import { useRef } from "react";
import { secretMask } from "../../../src/contracts/connect.ts";

/**
 * A text that holds secrets. What is stored is masked and never shown again: *Replace* opens the text with its first
 * secret chosen, so that typing or pasting replaces that; masks left standing keep what is stored.
 */
export function SecretInput({
  value,
  saved,
  change,
  open,
  setOpen,
  ...props
}: Omit<TextInputProps, "value" | "onChange" | "readOnly"> & {
  value: string;
  saved: string;
  change: (value: string) => void;
  open: boolean;
  setOpen: (open: boolean) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const stored = saved.includes(secretMask);
  const locked = stored && !open && value === saved;
  const replace = () => {
    setOpen(true);
    requestAnimationFrame(() => {
      const at = firstToReplace(saved);
      input.current?.focus();
      input.current?.setSelectionRange(at, at + secretMask.length);
    });
  };
  const keep = () => {
    change(saved);
    setOpen(false);
  };
  return (
    <TextInput
      {...props}
      ref={input}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      readOnly={locked}
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: "mono" }}
      {...(stored && !props.disabled
        ? {
            rightSectionWidth: 72,
            rightSection: (
              <button
                type="button"
                className="lnk"
                style={{ fontSize: 12.5 }}
                onClick={locked ? replace : keep}
                aria-label={`${locked ? "Replace" : "Keep"} ${typeof props["aria-label"] === "string" ? props["aria-label"] : "the secret"}`}
              >
                {locked ? "Replace" : "Keep"}
              </button>
            ),
          }
        : {})}
    />
  );
}

/** The token of an Authorization header is what people come for; else the first secret. */
function firstToReplace(text: string): number {
  const authorization = text.search(/(^|\|)\s*authorization\s*:/i);
  const at = authorization < 0 ? -1 : text.indexOf(secretMask, authorization);
  return at < 0 ? text.indexOf(secretMask) : at;
}

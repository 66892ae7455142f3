import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useRef, type ReactNode, type SyntheticEvent } from "react";
import { useHoldsEdits } from "../ui/edits.ts";
import { Notice } from "../ui/atoms.tsx";
import { focusFirstFault } from "../ui/problem-places.ts";
import { Side } from "../ui/side.tsx";

/** A short form in the drawer: its head, the fields, the button at the bottom edge. */
export function FormDrawer({
  title,
  verb,
  saving,
  fault,
  submit,
  close,
  children,
}: {
  title: string;
  verb: string;
  saving: boolean;
  fault: string | null;
  submit: (refused: () => void) => void;
  close: () => void;
  children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  useHoldsEdits(true);
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    submit(() => focusFirstFault(form.current ?? document));
  };
  return (
    <Side label={title} size={520} close={close}>
      <form ref={form} onSubmit={send} noValidate style={{ display: "contents" }}>
        <div className="dhead">
          <h2 className="dtitle" style={{ margin: 0 }}>
            {title}
          </h2>
          <span className="right">
            <button type="button" className="iconbtn" aria-label="Close" onClick={close}>
              <IconX size={18} aria-hidden />
            </button>
          </span>
        </div>
        <div className="sdrawer">
          {children}
          {fault && (
            <div role="alert">
              <Notice o="failed">{fault}</Notice>
            </div>
          )}
        </div>
        <div className="bar dbar">
          <Button type="submit" loading={saving}>
            {verb}
          </Button>
          <Button type="button" variant="subtle" color="gray" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Side>
  );
}

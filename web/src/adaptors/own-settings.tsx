import { Switch, TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { EditorState } from "./use-editor.ts";

type Own = Omit<EditorState, "rows">;

/** What the adaptor says besides its rows. A new one begins with its name. */
export function OwnSettings({
  state,
  fault,
  isNew,
  readOnly,
  set,
}: {
  state: Own;
  fault: string | undefined;
  isNew: boolean;
  readOnly: boolean;
  set: (patch: Partial<Own>) => void;
}) {
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isNew) name.current?.focus();
  }, [isNew]);
  return (
    <div className="aset">
      <TextInput
        label="Name"
        className="aname"
        ref={name}
        value={state.name}
        error={fault}
        disabled={readOnly}
        maxLength={100}
        style={{ flex: "1 1 200px", maxWidth: 320 }}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Switch
        label="Active"
        checked={state.active}
        disabled={readOnly}
        onChange={(event) => set({ active: event.currentTarget.checked })}
      />
      <Switch
        label="Leave out empty values"
        checked={state.leave_out_empty}
        disabled={readOnly}
        onChange={(event) => set({ leave_out_empty: event.currentTarget.checked })}
      />
    </div>
  );
}

import { Menu, Switch } from "@mantine/core";
import { IconCopy, IconDots, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useReadOnly } from "./value.tsx";

/** The switch and the menu at the right of an event or action. */
export function LineActs({
  label,
  active,
  set,
  remove,
  duplicate,
  more,
}: {
  label: string;
  active: boolean;
  set: (active: boolean) => void;
  remove: () => void;
  duplicate?: () => void;
  more?: ReactNode;
}) {
  const readOnly = useReadOnly();
  return (
    <span className="wevacts">
      {!active && <span className="woff">Off</span>}
      <Switch
        size="xs"
        aria-label={`${label}: active`}
        checked={active}
        disabled={readOnly}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {!readOnly && <LineMenu label={label} remove={remove} more={more} {...(duplicate ? { duplicate } : {})} />}
    </span>
  );
}

/** What else can be done with a line; Delete stands last. Nothing is gone before the save. */
export function LineMenu({
  label,
  remove,
  duplicate,
  more,
}: {
  label: string;
  remove: () => void;
  duplicate?: () => void;
  more?: ReactNode;
}) {
  return (
    <Menu width={232}>
      <Menu.Target>
        <button type="button" className="iconbtn" aria-label={`${label}: more`}>
          <IconDots size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {more}
        {duplicate && (
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={duplicate}>
            Duplicate
          </Menu.Item>
        )}
        {(more || duplicate) && <Menu.Divider />}
        <Menu.Item data-danger leftSection={<IconTrash size={16} aria-hidden />} onClick={remove}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Menu } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";

export type GearItem = {
  readonly label: string;
  readonly icon: ReactNode;
  readonly act: () => void;
  readonly note?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
};

/** The Action gear: what can be done with a row or page; a dangerous item stands last, after a line. */
export function GearMenu({ label, items }: { label: string; items: readonly GearItem[] }) {
  return (
    <Menu width={212}>
      <Menu.Target>
        <button type="button" className="iconbtn" aria-label={label}>
          <IconSettings size={18} stroke={1.8} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ label: words, icon, act, note, danger, disabled }) => [
          danger && <Menu.Divider key={`${words} line`} />,
          <Menu.Item
            key={words}
            leftSection={icon}
            rightSection={note && <span style={{ fontSize: 12 }}>{note}</span>}
            onClick={act}
            disabled={disabled ?? false}
            {...(danger ? { "data-danger": true } : {})}
          >
            {words}
          </Menu.Item>,
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}

import { Tabs as MantineTabs } from "@mantine/core";
import type { ReactNode } from "react";

/** Tabs are routes: choosing one goes to its address, and `children` is the page of the one that is open. */
export function Tabs({
  items,
  at,
  go,
  children,
  flush,
}: {
  items: readonly (readonly [id: string, label: ReactNode])[];
  at: string;
  go: (id: string) => void;
  children: ReactNode;
  flush?: boolean;
}) {
  return (
    <MantineTabs
      value={at}
      onChange={(id) => id && go(id)}
      classNames={{ root: "tabsroot", list: flush ? "tabs flush" : "tabs", panel: "tabpanel" }}
      activateTabWithKeyboard={false}
    >
      <MantineTabs.List>
        {items.map(([id, label]) => (
          <MantineTabs.Tab key={id} value={id}>
            {label}
          </MantineTabs.Tab>
        ))}
      </MantineTabs.List>
      {items.map(([id]) => (
        <MantineTabs.Panel key={id} value={id} keepMounted>
          {id === at ? children : null}
        </MantineTabs.Panel>
      ))}
    </MantineTabs>
  );
}

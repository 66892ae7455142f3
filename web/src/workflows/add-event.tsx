import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { SimpleCondition } from "../../../src/contracts/workflow.ts";
import { conditionKinds } from "./condition-kinds.ts";

/** The menu of spec 4's events. */
export function AddEvent({ label, add }: { label: string; add: (condition: SimpleCondition) => void }) {
  return (
    <Menu position="bottom-start" width={340}>
      <Menu.Target>
        <Button size="xs" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="valmenu">
        {conditionKinds.map((kind) => (
          <Menu.Item key={kind.type} onClick={() => add(kind.blank)}>
            <span style={{ fontWeight: 550 }}>{kind.label}</span>
            <span className="valnote">{kind.asks}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

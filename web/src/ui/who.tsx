import { Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconCheck, IconChevronDown, IconLogout } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { callSignIn } from "../api.ts";
import { useSession } from "./session.ts";

const schemes: readonly (readonly [MantineColorScheme, string])[] = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["auto", "As the system"],
];

/** Who is signed in, how the page looks, and the way out. */
export function Who() {
  const { user, account } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const signOut = async () => {
    await callSignIn("sign-out", {});
    queries.clear();
    // a whole load, so that nothing of the account stays in memory
    location.assign("/sign-in");
  };
  return (
    <Menu position="top-start" width={204}>
      <Menu.Target>
        <button type="button" className="who" title="Appearance, sign out">
          <span className="face" aria-hidden>
            {initials(user.name)}
          </span>
          <span style={{ lineHeight: 1.25, minWidth: 0, flex: 1 }}>
            <span className="trunc" style={{ fontWeight: 550, display: "block" }}>
              {user.name}
            </span>
            <span className="dim trunc" style={{ fontSize: 12, display: "block" }}>
              {account.name}
            </span>
          </span>
          <IconChevronDown size={14} className="dim" aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(([scheme, words]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            rightSection={scheme === colorScheme ? <IconCheck size={15} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {words}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();

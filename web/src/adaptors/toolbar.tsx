import { Button, Switch, TextInput } from "@mantine/core";
import { IconSearch, IconWand } from "@tabler/icons-react";

/** Which rows are shown, and whether names are suggested for those that have none. */
export function Toolbar({
  search,
  setSearch,
  onlyMapped,
  setOnlyMapped,
  suggesting,
  setSuggesting,
}: {
  search: string;
  setSearch: (search: string) => void;
  onlyMapped: boolean;
  setOnlyMapped: (is: boolean) => void;
  suggesting: boolean;
  /** null: nothing can be changed here. */
  setSuggesting: ((is: boolean) => void) | null;
}) {
  return (
    <div className="atool">
      <TextInput
        size="xs"
        leftSection={<IconSearch size={15} aria-hidden />}
        placeholder="Search fields"
        aria-label="Search fields"
        type="search"
        value={search}
        style={{ flex: "1 1 160px", maxWidth: 240 }}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      <Switch
        label="Only mapped"
        checked={onlyMapped}
        onChange={(event) => setOnlyMapped(event.currentTarget.checked)}
      />
      {setSuggesting && (
        <span className="right">
          <Button
            size="xs"
            variant={suggesting ? "light" : "default"}
            aria-pressed={suggesting}
            leftSection={<IconWand size={14} aria-hidden />}
            onClick={() => {
              setSuggesting(!suggesting);
              setOnlyMapped(false);
            }}
          >
            Suggest names
          </Button>
        </span>
      )}
    </div>
  );
}

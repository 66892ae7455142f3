import { Button } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { askOnce, sayRefused } from "../ui/ask-once.tsx";
import { Fault } from "../ui/fault.tsx";
import { GearMenu } from "../ui/gear-menu.tsx";
import { LoadingRows } from "../ui/loading.tsx";
import { useMay } from "../ui/session.ts";
import { say } from "../ui/toast.tsx";
import { NounDrawer } from "./noun-drawer.tsx";
import type { NounProps, Saved } from "./noun-props.ts";

/** A plain settings noun: its table, a drawer to add and change one, delete with a question. */
export function Noun<Item extends Saved, Draft extends object>(props: NounProps<Item, Draft>) {
  const { noun, title, intro, nameOf, columns, line, touches } = props;
  const { data, error, refetch } = props.found;
  const mayChange = useMay("admin");
  const queries = useQueryClient();
  const [open, setOpen] = useState<Item | "new" | null>(null);
  const changed = () => {
    for (const queryKey of touches) void queries.invalidateQueries({ queryKey });
  };
  const removal = useMutation({
    mutationFn: props.remove,
    onSuccess: (_, item) => {
      changed();
      say(`${nameOf(item)} is deleted`);
    },
    onError: (problem, item) => sayRefused(`${nameOf(item)} is not deleted`, problem),
  });
  const gear = (item: Item) =>
    mayChange && (
      <GearMenu
        label={`Actions for ${nameOf(item)}`}
        items={[
          { label: "Edit", icon: <IconPencil size={16} aria-hidden />, act: () => setOpen(item) },
          {
            label: "Delete…",
            icon: <IconTrash size={16} aria-hidden />,
            danger: true,
            act: () =>
              askOnce({
                title: `Delete ${nameOf(item)}?`,
                text: props.removeWords,
                verb: `Delete ${noun}`,
                act: () => removal.mutate(item),
              }),
          },
        ]}
      />
    );
  const name = (item: Item) =>
    mayChange ? (
      <button type="button" className="more" style={{ fontWeight: 550 }} onClick={() => setOpen(item)}>
        {nameOf(item)}
      </button>
    ) : (
      <span style={{ fontWeight: 550 }}>{nameOf(item)}</span>
    );
  return (
    <>
      <div className="shead">
        <h2>{title}</h2>
        {mayChange && (
          <Button
            size="xs"
            variant="default"
            ml="auto"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setOpen("new")}
          >
            Add {noun}
          </Button>
        )}
        <p>{intro}</p>
      </div>
      {error !== null && (
        <div className="pad">
          <Fault what={`The ${title.toLowerCase()} could not be loaded.`} error={error} again={() => void refetch()} />
        </div>
      )}
      {data?.items.length === 0 ? (
        <div className="snone dim">None yet.</div>
      ) : (
        <>
          <table className="tbl resp" aria-label={title}>
            <colgroup>
              <col />
              {columns.map(({ head, width }) => (
                <col key={head} style={width ? { width } : undefined} />
              ))}
              <col style={{ width: 76 }} />
            </colgroup>
            <thead>
              <tr>
                <th>Name</th>
                {columns.map(({ head, right }) => (
                  <th key={head} className={right ? "r" : undefined}>
                    {head}
                  </th>
                ))}
                <th className="r">{mayChange && "Action"}</th>
              </tr>
            </thead>
            {data ? (
              <tbody>
                {data.items.map((item) => (
                  <tr key={item.id}>
                    <td>{name(item)}</td>
                    {columns.map(({ head, cell, right }) => (
                      <td key={head} className={right ? "r" : "t2"}>
                        {cell(item)}
                      </td>
                    ))}
                    <td className="r">{gear(item)}</td>
                  </tr>
                ))}
              </tbody>
            ) : (
              <LoadingRows columns={columns.length + 2} rows={4} />
            )}
          </table>
          <div className="slines">
            {data?.items.map((item) => (
              <div key={item.id} className="sline">
                <div>
                  {name(item)}
                  <div className="dim trunc" style={{ fontSize: 13 }}>
                    {line(item)}
                  </div>
                </div>
                {gear(item)}
              </div>
            ))}
          </div>
        </>
      )}
      {open !== null && (
        <NounDrawer
          {...props}
          item={open === "new" ? null : open}
          close={() => setOpen(null)}
          saved={(item) => {
            changed();
            say(item ? `${nameOf(item)} is saved` : `The ${noun} is added`);
            setOpen(null);
          }}
        />
      )}
    </>
  );
}

import "./conflict.css";
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import type { SaveConflict } from "../../../src/contracts/problem.ts";
import { useSession } from "./session.ts";
import { Side } from "./side.tsx";
import type { ChangedPlace, Side as Whose } from "./three-way.ts";
import { Time } from "./time.tsx";
import { valueText } from "./value-words.ts";

export type Choices = Readonly<Record<string, Whose>>;

/** How a form shows the places of its thing. */
export type PlaceWords = {
  readonly name: (place: ChangedPlace) => string;
  /** A value in words; what is secret is masked here. */
  readonly show?: (value: unknown, place: ChangedPlace) => ReactNode;
  /** They replaced it and I did not touch it: the old one is gone, so there is no choice. */
  readonly settled?: (place: ChangedPlace) => boolean;
};

/**
 * Somebody else saved the thing that is being edited: who and when, and setting by setting as it was, as they have it, as it
 * is here. Each is chosen, or all at once; then it is saved on top of theirs. Closed, it loses nothing.
 */
export function ConflictDrawer({
  saved,
  places,
  words,
  verb,
  saving,
  save,
  back,
}: {
  saved: SaveConflict["saved"];
  places: readonly ChangedPlace[];
  words: PlaceWords;
  /** "Save Connect". */
  verb: string;
  saving: boolean;
  save: (choices: Choices) => void;
  back: () => void;
}) {
  const asked = places.filter(({ changed }) => changed !== "mine");
  const [choices, setChoices] = useState<Choices>(() =>
    Object.fromEntries(asked.filter(({ changed }) => changed === "theirs").map(({ path }) => [path, "theirs"])),
  );
  const isSettled = (place: ChangedPlace): boolean => words.settled?.(place) ?? false;
  const open = asked.filter(({ path }) => choices[path] === undefined);
  const all = (side: Whose) =>
    setChoices(Object.fromEntries(asked.map((place) => [place.path, isSettled(place) ? "theirs" : side])));
  const mine = places.filter(({ changed }) => changed === "mine");
  // they changed nothing that stands in this form, or the same: nobody is in anybody's way
  const isClear = asked.length === 0;
  useEffect(() => {
    if (isClear) save({});
    // once, as it appears
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  if (isClear) return null;
  return (
    <Side label="Somebody else saved this" close={back}>
      <div className="dhead">
        <span className="dim">Nothing of what you typed is lost</span>
        <span className="right">
          <button type="button" className="iconbtn" aria-label="Back to the form" onClick={back}>
            <IconX size={18} aria-hidden />
          </button>
        </span>
      </div>
      <div className="conflict">
        <h2 className="verdict">Somebody else saved this in the meantime</h2>
        <Who saved={saved} />
        {asked.length > 1 && (
          <div className="conflictall">
            <Button size="xs" variant="default" onClick={() => all("mine")}>
              Keep all mine
            </Button>
            <Button size="xs" variant="default" onClick={() => all("theirs")}>
              Take all theirs
            </Button>
          </div>
        )}
        <ol className="conflicts" aria-label="What they changed">
          {asked.map((place) => (
            <Place
              key={place.path}
              place={place}
              words={words}
              chosen={choices[place.path]}
              choose={isSettled(place) ? null : (side) => setChoices((old) => ({ ...old, [place.path]: side }))}
            />
          ))}
        </ol>
        {mine.length > 0 && (
          <p className="dim" style={{ margin: 0, fontSize: 13 }}>
            Yours alone, and kept: {mine.map(words.name).join(", ")}.
          </p>
        )}
      </div>
      <div className="bar dbar">
        <Button loading={saving} disabled={open.length > 0} onClick={() => save(choices)}>
          {verb}
        </Button>
        <Button variant="subtle" color="gray" onClick={back}>
          Back to the form
        </Button>
        <output className="dim" style={{ fontSize: 13 }}>
          {open.length > 0 && `${open.length} to choose`}
        </output>
      </div>
    </Side>
  );
}

function Who({ saved }: { saved: SaveConflict["saved"] }) {
  const me = useSession().user.name;
  const [latest] = saved;
  if (latest === undefined) return null;
  const names = [...new Set(saved.map(({ by }) => by))];
  return (
    <p className="t2" style={{ margin: "4px 0 0", fontSize: 13.5 }}>
      {names.map((name) => (name === me ? `${name} (your own name: perhaps you, in another window)` : name)).join(", ")}
      , <Time at={latest.at} form="full" />
      {saved.length > 1 && ` and ${saved.length - 1} more time${saved.length === 2 ? "" : "s"} before`}.
    </p>
  );
}

function Place({
  place,
  words,
  chosen,
  choose,
}: {
  place: ChangedPlace;
  words: PlaceWords;
  chosen: Whose | undefined;
  choose: ((side: Whose) => void) | null;
}) {
  const name = words.name(place);
  const show = (value: unknown): ReactNode =>
    value === undefined ? <span className="dim">not there</span> : (words.show?.(value, place) ?? valueText(value));
  const untouched = place.changed === "theirs";
  return (
    <li aria-label={name}>
      <h3>{name}</h3>
      <dl>
        <dt>As it was</dt>
        <dd>{show(place.base)}</dd>
        <dt>Theirs</dt>
        <dd data-on={chosen === "theirs" || undefined}>{show(place.theirs)}</dd>
        {!untouched && (
          <>
            <dt>Mine</dt>
            <dd data-on={chosen === "mine" || undefined}>{show(place.mine)}</dd>
          </>
        )}
      </dl>
      {choose === null ? (
        <p className="dim">They replaced it, and the old one is gone: theirs stays.</p>
      ) : (
        <fieldset className="conflictacts">
          <legend className="sr">{name}: whose</legend>
          <Button
            size="xs"
            variant={chosen === "mine" ? "light" : "default"}
            aria-pressed={chosen === "mine"}
            onClick={() => choose("mine")}
          >
            {untouched ? "Keep mine, as it was" : "Keep mine"}
          </Button>
          <Button
            size="xs"
            variant={chosen === "theirs" ? "light" : "default"}
            aria-pressed={chosen === "theirs"}
            onClick={() => choose("theirs")}
          >
            Take theirs
          </Button>
        </fieldset>
      )}
    </li>
  );
}

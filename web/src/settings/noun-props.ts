import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";

export type Column<Item> = {
  readonly head: string;
  readonly cell: (item: Item) => ReactNode;
  readonly width?: number;
  readonly right?: boolean;
};

/** What a noun's form is given: the draft, how to change it, and what was wrong by place. */
export type FieldsProps<Item, Draft> = {
  readonly item: Item | null;
  readonly draft: Draft;
  readonly set: (patch: Partial<Draft>) => void;
  readonly places: Readonly<Record<string, string>>;
};

export type Saved = { readonly id: number; readonly revision: number };

export type NounProps<Item extends Saved, Draft extends object> = {
  /** "list". */
  readonly noun: string;
  readonly title: string;
  readonly intro: string;
  readonly found: {
    readonly data: { readonly items: readonly Item[] } | undefined;
    readonly error: unknown;
    readonly refetch: () => Promise<{ readonly data?: { readonly items: readonly Item[] } | undefined }>;
  };
  /** Its own query and those that show these things elsewhere. */
  readonly touches: readonly QueryKey[];
  readonly nameOf: (item: Item) => string;
  /** The second line on narrow screens. */
  readonly line: (item: Item) => ReactNode;
  /** Beside the name. */
  readonly columns: readonly Column<Item>[];
  readonly draftOf: (item: Item | null) => Draft;
  readonly Fields: (props: FieldsProps<Item, Draft>) => ReactNode;
  /** A changed one is saved on the revision that it carries. */
  readonly save: (item: Item | null, draft: Draft) => Promise<unknown>;
  /** What the form calls the parts of a draft, where that is not their own name. */
  readonly partNames?: Partial<Record<keyof Draft & string, string>>;
  /** A part of a draft in words, where it is an id. */
  readonly partText?: Partial<Record<keyof Draft & string, (value: unknown) => string | undefined>>;
  readonly remove: (item: Item) => Promise<unknown>;
  readonly removeWords: string;
};

import { useQuery } from "@tanstack/react-query";
import { createContext, use, useMemo } from "react";
import type { RelationKind } from "../../../src/contracts/workflow.ts";
import { campaignsQuery, listsQuery, statusesQuery } from "../ui/dialler.ts";
import { fieldsQuery, type FieldInfo } from "../ui/fields.ts";
import { useMay } from "../ui/session.ts";
import {
  connectChoicesQuery,
  emailTemplatesQuery,
  inboundNumbersQuery,
  queuesQuery,
  tokenChoicesQuery,
  userChoicesQuery,
  workflowChoicesQuery,
} from "../ui/workflow-choices.ts";

export type Choice = { readonly value: string; readonly label: string };

/** Everything an event or action may name, as it is called today. */
export type Choices = Readonly<Record<RelationKind, readonly Choice[]>> & {
  readonly statuses: readonly Choice[];
  readonly connects: readonly Choice[];
  readonly users: readonly Choice[];
  readonly tokens: readonly Choice[];
  readonly workflows: readonly Choice[];
  readonly templates: readonly {
    readonly id: number;
    readonly name: string;
    readonly subject: string;
    readonly body: string;
  }[];
  readonly fields: readonly FieldInfo[];
};

const none: Choices = {
  campaign: [],
  list: [],
  queue: [],
  inbound_number: [],
  email_template: [],
  statuses: [],
  connects: [],
  users: [],
  tokens: [],
  workflows: [],
  templates: [],
  fields: [],
};
const ChoicesContext = createContext<Choices>(none);
export const ChoicesProvider = ChoicesContext.Provider;
export const useChoices = (): Choices => use(ChoicesContext);

/** Loads what can be chosen; what is not there yet is an empty list, and ids stand for names meanwhile. */
export function useLoadChoices(): Choices {
  const admin = useMay("admin");
  const campaigns = useQuery(campaignsQuery).data;
  const lists = useQuery(listsQuery).data;
  const queues = useQuery(queuesQuery).data;
  const numbers = useQuery(inboundNumbersQuery).data;
  const templates = useQuery(emailTemplatesQuery).data;
  const statuses = useQuery(statusesQuery).data;
  const connects = useQuery(connectChoicesQuery).data;
  const users = useQuery({ ...userChoicesQuery, enabled: admin }).data;
  const tokens = useQuery({ ...tokenChoicesQuery, enabled: admin }).data;
  const workflows = useQuery(workflowChoicesQuery).data;
  const fields = useQuery(fieldsQuery).data;
  return useMemo(
    () => ({
      campaign: named(campaigns),
      list: named(lists),
      queue: named(queues),
      inbound_number: named(numbers),
      email_template: named(templates),
      statuses: (statuses?.items ?? []).map(({ code, name }) => ({
        value: code,
        label: name && name !== code ? `${code} · ${name}` : code,
      })),
      connects: named(connects),
      users: named(users),
      tokens: named(tokens),
      workflows: named(workflows),
      templates: templates?.items ?? [],
      fields: fields?.items ?? [],
    }),
    [campaigns, lists, queues, numbers, templates, statuses, connects, users, tokens, workflows, fields],
  );
}

type Named = { readonly items: readonly { readonly id: number; readonly name: string }[] } | undefined;
const named = (found: Named): Choice[] =>
  (found?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }));

/** The name of what has this id today. */
export const nameOf = (choices: readonly Choice[], id: number | string): string =>
  choices.find(({ value }) => value === String(id))?.label ?? `#${id}`;

export const fieldOf = (choices: Choices, section: string, key: string): FieldInfo | undefined =>
  choices.fields.find((field) => field.section === section && (field.key === key || field.name === key));

import {
  IconArrowsRight,
  IconBan,
  IconCalendarPlus,
  IconCalendarTime,
  IconCoin,
  IconForms,
  IconMail,
  IconMessage,
  IconMicrophone,
  IconPhoneOutgoing,
  IconPlugConnected,
  IconTag,
  IconVolume,
} from "@tabler/icons-react";
import type { Action } from "../../../src/contracts/workflow.ts";

type ActionKind = {
  readonly type: Action["type"];
  readonly label: string;
  readonly does: string;
  readonly icon: typeof IconTag;
  readonly blank: Action;
};

const common = { active: true, skip_if_live_call: false, latest_values: false } as const;

/** Spec 4's actions in its order, with what each begins as; id 0: none is chosen yet. */
export const actionKinds: readonly ActionKind[] = [
  {
    type: "integration",
    label: "Integration",
    does: "Send the lead through a connect",
    icon: IconPlugConnected,
    blank: { type: "integration", connect_id: 0 as never, ...common },
  },
  {
    type: "status",
    label: "Status change",
    does: "Give the lead a status",
    icon: IconTag,
    blank: { type: "status", status: "", ...common },
  },
  {
    type: "move",
    label: "Move",
    does: "Move the lead to another list",
    icon: IconArrowsRight,
    blank: { type: "move", list_id: 0 as never, ...common },
  },
  {
    type: "field",
    label: "Field",
    does: "Set, copy or calculate a field",
    icon: IconForms,
    blank: { type: "field", field: "", set: "", ...common },
  },
  {
    type: "callback",
    label: "Callback",
    does: "Schedule a callback",
    icon: IconCalendarPlus,
    blank: { type: "callback", in: "1d", ...common },
  },
  {
    type: "callback_update",
    label: "Update callback",
    does: "Move or remove the lead’s callback",
    icon: IconCalendarTime,
    blank: { type: "callback_update", in: "1d", ...common },
  },
  {
    type: "hopper",
    label: "Insert into hopper",
    does: "Let the dialler call it next",
    icon: IconPhoneOutgoing,
    blank: { type: "hopper", priority: 99, ...common },
  },
  {
    type: "dnc",
    label: "Add to DNC",
    does: "Never call this number again",
    icon: IconBan,
    blank: { type: "dnc", ...common },
  },
  {
    type: "revenue",
    label: "Add to revenue",
    does: "Book an amount for the lead",
    icon: IconCoin,
    blank: { type: "revenue", amount: 0, ...common },
  },
  {
    type: "email",
    label: "Email",
    does: "Send an e-mail from a template",
    icon: IconMail,
    blank: { type: "email", to: "{lead.email}", subject: "", body: "", ...common },
  },
  {
    type: "sms",
    label: "SMS",
    does: "Through a connect that sends SMS",
    icon: IconMessage,
    blank: { type: "sms", connect_id: null, ...common },
  },
  {
    type: "voice_broadcast",
    label: "Voice broadcast",
    does: "Through a connect that calls and plays",
    icon: IconVolume,
    blank: { type: "voice_broadcast", connect_id: null, ...common },
  },
  {
    type: "ringless_voicemail",
    label: "Ringless voicemail",
    does: "Through a connect that leaves messages",
    icon: IconMicrophone,
    blank: { type: "ringless_voicemail", connect_id: null, ...common },
  },
];

export const actionKind = (type: string): ActionKind | undefined => actionKinds.find((kind) => kind.type === type);
/** A type's name in the log, also one that is no more. */
export const actionLabel = (type: string): string => actionKind(type)?.label ?? type.replaceAll("_", " ");

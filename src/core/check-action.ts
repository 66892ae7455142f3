import type { Action } from "../contracts/workflow.ts";
import type { CheckContext } from "./check-context.ts";
import { settlePlaces, unknownPlaces } from "./fill-places.ts";
import { parseRecipients } from "./mail-address.ts";

/** Checks one action and settles the names of the fields it reads and writes to their permanent keys. */
export function checkAction(action: Action, path: string, context: CheckContext): Action {
  const { world, report } = context;
  switch (action.type) {
    case "integration":
      if (world.connect(action.connect_id) === null)
        report(`${path}.connect_id`, `There is no connect ${action.connect_id}`);
      return action;
    case "move":
      if (!world.exists("list", action.list_id)) report(`${path}.list_id`, `There is no list ${action.list_id}`);
      return action;
    case "field":
      return checkFieldAction(action, path, context);
    case "callback_update":
      if ((action.in === undefined) === (action.remove === undefined))
        report(`${path}.in`, "Say either in how long the callback is due, or that it is removed");
      return action;
    case "email":
      checkRecipients(action.to, `${path}.to`, context);
      return {
        ...action,
        to: checkPlaces(action.to, `${path}.to`, context),
        subject: checkPlaces(action.subject, `${path}.subject`, context),
        body: checkPlaces(action.body, `${path}.body`, context),
      };
    case "sms":
    case "voice_broadcast":
    case "ringless_voicemail": {
      if (action.connect_id !== null && world.connect(action.connect_id) === null)
        report(`${path}.connect_id`, `There is no connect ${action.connect_id}`);
      const provider = action.connect_id ?? world.provider(action.type);
      if (action.active && provider === null)
        report(
          `${path}.connect_id`,
          `No connect sends ${providerWords[action.type]}. Choose one here or under Settings, or switch the action off`,
        );
      return action;
    }
    case "status":
    case "callback":
    case "hopper":
    case "dnc":
    case "revenue":
      break;
  }
  return action;
}

const providerWords = {
  sms: "SMS",
  voice_broadcast: "voice broadcasts",
  ringless_voicemail: "ringless voicemails",
} as const;

const verbs = ["set", "from", "add", "subtract", "multiply", "divide", "now"] as const;

type FieldAction = Extract<Action, { type: "field" }>;

function checkFieldAction(action: FieldAction, path: string, { fieldOf, report }: CheckContext): FieldAction {
  const field = fieldOf("lead", action.field);
  if (field === undefined) report(`${path}.field`, `"${action.field}" is no lead field`);
  else if (field.system === true) report(`${path}.field`, `${field.label} is kept by the system`);
  else if (field.key === "status") report(`${path}.field`, "Use the action Status change");
  else if (field.key === "list_id") report(`${path}.field`, "Use the action Move");

  const chosen = verbs.filter((verb) => action[verb] !== undefined);
  if (chosen.length === 0) report(`${path}.set`, "Say what the field becomes: set, from, add, subtract, multiply, divide or now"); // prettier-ignore
  if (chosen.length > 1) report(`${path}.${chosen[1]}`, `Say one thing only: ${chosen.join(" or ")}`);
  if (action.divide === 0) report(`${path}.divide`, "Nothing can be divided by 0");
  const settled = field === undefined ? action : { ...action, field: field.key };
  return action.from === undefined
    ? settled
    : { ...settled, from: checkSource(action.from, `${path}.from`, { fieldOf, report }) };
}

/** `first_name`, `lead.field_7`, `call.status`. */
function checkSource(
  name: string,
  path: string,
  { fieldOf, report }: Pick<CheckContext, "fieldOf" | "report">,
): string {
  const [, section = "lead", key = name] = /^(lead|call|extra)\.(.+)$/.exec(name) ?? [];
  const field = fieldOf(section as "lead" | "call" | "extra", key);
  if (field === undefined) report(path, `"${name}" is no field`);
  if (field === undefined) return name;
  return section === "lead" && !name.startsWith("lead.") ? field.key : `${section}.${field.key}`;
}

function checkRecipients(to: string, path: string, { report }: CheckContext): void {
  const parsed = parseRecipients(to);
  if (!parsed.ok) report(path, parsed.message);
}

function checkPlaces(text: string, path: string, { fieldOf, report }: CheckContext): string {
  if (text.trim() === "" && !path.endsWith("subject"))
    report(path, path.endsWith(".to") ? "Say whom the mail goes to, such as {lead.email}" : "Write the mail");
  for (const { name, position } of unknownPlaces(text, fieldOf))
    report(path, `{${name}} at character ${position} is no field of this account`);
  return settlePlaces(text, fieldOf);
}

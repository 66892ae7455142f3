import type { ConnectSettings } from "../../../src/contracts/connect.ts";

export type SettingName = keyof ConnectSettings;

/** The settings' names on the page: labels A–J are fixed. */
export const settingNames: Record<SettingName, string> = {
  name: "Name",
  api_url: "API URL",
  api_authentication: "Api Authentication",
  authorization_header: "Authorization Header",
  request_method: "Request Method",
  get_mode: "This connect",
  post_data_type: "Post Data Type",
  response_data_type: "Response Data Type",
  api_integrator: "API Integrator",
  delimiter: "Delimiter",
  response_key: "Response Key",
  adaptor_id: "Adaptor ID",
  active: "Active",
  timeout_seconds: "Timeout",
  give_up_after: "Give up after",
  if_answer_lost: "When the answer is lost",
  follow_redirects: "Follow redirects",
  retry: "Retry",
  concurrency: "Calls at once",
  rate: "Rate",
  order: "Order",
  order_group: "Order group",
  keep_order_for: "Keep order for",
};

export const settingLetters: Partial<Record<SettingName, string>> = {
  name: "A",
  api_url: "B",
  api_authentication: "C",
  authorization_header: "D",
  request_method: "E",
  response_data_type: "F",
  api_integrator: "G",
  delimiter: "H",
  response_key: "I",
  adaptor_id: "J",
};

/** "Authorization Header (D)". */
export function settingWords(setting: SettingName): string {
  const letter = settingLetters[setting];
  return letter ? `${settingNames[setting]} (${letter})` : settingNames[setting];
}

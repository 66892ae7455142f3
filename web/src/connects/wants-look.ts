import { settingNames, type SettingName } from "../ui/setting-names.ts";
import type { FormProps } from "./draft.ts";

/** The setting that a place such as `retry.schedule[1]` lies in; null: none of them. */
export function settingOf(path: string): SettingName | null {
  const head = path.split(/[.[]/)[0] ?? "";
  return head in settingNames ? (head as SettingName) : null;
}

/** The first fault of a setting, wherever within it. */
export function faultOf(faults: FormProps["faults"], setting: SettingName): string | undefined {
  return Object.entries(faults).find(([path]) => settingOf(path) === setting)?.[1];
}

/** Whether one of these settings has a fault or a remark. */
export function wantsLook(
  { faults, remarks }: Pick<FormProps, "faults" | "remarks">,
  of: readonly SettingName[],
): boolean {
  return of.some((setting) => faultOf(faults, setting) !== undefined || Boolean(remarks[setting]));
}

import { createTheme, rem, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/**
 * Patchbay's look for Mantine: one accent (cobalt), one neutral ramp, and outcome colours used for outcomes only.
 * Everything that isn't a Mantine token is a `--pb-*` variable, so that light and dark differ in this file alone.
 */
const cobalt: MantineColorsTuple = [
  "#EFF3FE", "#DEE7FD", "#BCCDFA", "#96B1F6", "#6F93F1", "#4B75E9", "#2F5BDB", "#264BB8", "#203F98", "#1B347C",
]; // prettier-ignore

const gray: MantineColorsTuple = [
  "#F7F8FA", "#F0F1F4", "#E5E7EB", "#D5D8DE", "#B4B9C3", "#868D9A", "#646B78", "#474D59", "#2C313A", "#15181D",
]; // prettier-ignore

/** 0 is text, 7 the page, 8 the navigation and wells. */
const dark: MantineColorsTuple = [
  "#E7E9ED", "#C3C8D0", "#9BA2AE", "#7C8490", "#3E444E", "#2B3038", "#20242A", "#15181C", "#101215", "#0B0D0F",
]; // prettier-ignore

export type OutcomeName =
  | "accepted"
  | "rejected"
  | "duplicate"
  | "retrying"
  | "failed"
  | "held"
  | "waiting"
  | "discarded";

type Shades = { text: string; bg: string; solid: string };

/** `text` is at least 4.5:1 on the page and on its own `bg`; `solid` is for areas, never for text. */
const outcomes: Record<"light" | "dark", Record<OutcomeName, Shades>> = {
  light: {
    accepted: { text: "#166B3C", bg: "#E8F5ED", solid: "#35A468" },
    rejected: { text: "#A1430A", bg: "#FDF0E6", solid: "#E58435" },
    duplicate: { text: "#6540B4", bg: "#F2EEFB", solid: "#9A7BDD" },
    retrying: { text: "#775600", bg: "#FAF3DC", solid: "#D9AE32" },
    failed: { text: "#B71F2E", bg: "#FCECED", solid: "#D8404D" },
    held: { text: "#45536A", bg: "#EDF0F4", solid: "#8492A8" },
    waiting: { text: "#5A616E", bg: "#F0F1F4", solid: "#B4B9C3" },
    discarded: { text: "#5A616E", bg: "#F0F1F4", solid: "#D5D8DE" },
  },
  dark: {
    accepted: { text: "#6CCF95", bg: "#15291E", solid: "#3DA56C" },
    rejected: { text: "#F2A468", bg: "#32210F", solid: "#D27A33" },
    duplicate: { text: "#BBA2F3", bg: "#261F38", solid: "#8A6CCB" },
    retrying: { text: "#E3C35A", bg: "#2D2711", solid: "#BF9A2E" },
    failed: { text: "#FF9096", bg: "#371B1E", solid: "#D24A55" },
    held: { text: "#AEB9CA", bg: "#232830", solid: "#6B788C" },
    waiting: { text: "#A5ACB7", bg: "#20242A", solid: "#565D68" },
    discarded: { text: "#A5ACB7", bg: "#20242A", solid: "#3E444E" },
  },
};

const outcomeVariables = (scheme: "light" | "dark") =>
  Object.fromEntries(
    Object.entries(outcomes[scheme]).flatMap(([name, shades]) => [
      [`--pb-${name}`, shades.text],
      [`--pb-${name}-bg`, shades.bg],
      [`--pb-${name}-solid`, shades.solid],
    ]),
  );

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    "--pb-nav-width": rem(212),
    "--pb-row": rem(36),
    "--pb-ease": "cubic-bezier(.2, 0, 0, 1)",
  },
  light: {
    "--mantine-color-body": "#FFFFFF",
    "--mantine-color-text": "#15181D",
    "--mantine-color-dimmed": "#5F6673",
    "--mantine-color-placeholder": "#6C7380",
    "--mantine-color-default-border": "#D5D8DE",
    "--mantine-color-error": "#B71F2E",
    "--mantine-color-anchor": "#2F5BDB",
    "--mantine-color-cobalt-light": "#EFF3FE",
    "--mantine-color-cobalt-light-hover": "#DEE7FD",
    "--mantine-color-cobalt-light-color": "#2F5BDB",
    "--pb-nav": "#F7F8FA",
    "--pb-well": "#F7F8FA",
    "--pb-hover": "#F4F5F7",
    "--pb-overlay": "#FFFFFF",
    "--pb-overlay-hover": "#F0F1F4",
    "--pb-selected": "#EFF3FE",
    "--pb-line": "#E5E7EB",
    "--pb-line-strong": "#D5D8DE",
    "--pb-input-line": "#8E95A3",
    "--pb-text-2": "#474D59",
    "--pb-accent": "#2F5BDB",
    "--pb-accent-bg": "#EFF3FE",
    "--pb-accent-line": "#BCCDFA",
    "--pb-danger": "#C0303C",
    "--pb-code-key": "#264BB8",
    "--pb-code-string": "#166B3C",
    "--pb-code-number": "#A1430A",
    "--pb-accepted-fill": "#8FCFAB",
    "--pb-t1": "#B9C0CC",
    "--pb-t2": "#8E98A8",
    "--pb-t3": "#BCCDFA",
    "--pb-t4": "#4B75E9",
    "--pb-t5": "#203F98",
    ...outcomeVariables("light"),
  },
  dark: {
    "--mantine-color-body": "#15181C",
    "--mantine-color-text": "#E7E9ED",
    "--mantine-color-dimmed": "#9BA2AE",
    "--mantine-color-placeholder": "#88909C",
    "--mantine-color-default": "#1B1F24",
    "--mantine-color-default-border": "#353B44",
    "--mantine-color-error": "#FF9096",
    "--mantine-color-anchor": "#96B1F6",
    "--mantine-color-cobalt-light": "#1B2540",
    "--mantine-color-cobalt-light-hover": "#22305A",
    "--mantine-color-cobalt-light-color": "#96B1F6",
    "--pb-nav": "#101215",
    "--pb-well": "#101316",
    "--pb-hover": "#1B1F24",
    "--pb-overlay": "#1C2026",
    "--pb-overlay-hover": "#292E36",
    "--pb-selected": "#1B2540",
    "--pb-line": "#262B32",
    "--pb-line-strong": "#353B44",
    "--pb-input-line": "#626A76",
    "--pb-text-2": "#C3C8D0",
    "--pb-accent": "#96B1F6",
    "--pb-accent-bg": "#1B2540",
    "--pb-accent-line": "#2D4176",
    "--pb-danger": "#C0303C",
    "--pb-code-key": "#9DB7FA",
    "--pb-code-string": "#86D3A5",
    "--pb-code-number": "#F2A468",
    "--pb-accepted-fill": "#2C6646",
    "--pb-t1": "#4A515C",
    "--pb-t2": "#6A7380",
    "--pb-t3": "#2D4176",
    "--pb-t4": "#6F93F1",
    "--pb-t5": "#BCCDFA",
    ...outcomeVariables("dark"),
  },
});

const small = (size: unknown) => size === "xs" || size === "compact-sm";

// named, not imported: a component that only its own page uses stays out of the first page's script
const components = {
  Input: {
    defaultProps: { size: "sm" },
    vars: (_theme: unknown, props: { size?: unknown; error?: unknown }) => ({
      wrapper: {
        "--input-height": rem(small(props.size) ? 30 : 34),
        "--input-fz": rem(small(props.size) ? 13 : 13.5),
        "--input-bd": props.error ? "var(--pb-failed-solid)" : "var(--pb-input-line)",
      },
    }),
  },
  InputWrapper: { defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] } },
  Button: {
    defaultProps: { size: "sm" },
    vars: (_theme: unknown, props: { size?: unknown }) => ({
      root: {
        "--button-height": rem(small(props.size) ? 28 : 34),
        "--button-padding-x": rem(small(props.size) ? 10 : 14),
        "--button-fz": rem(small(props.size) ? 12.5 : 13.5),
      },
    }),
    styles: { label: { fontWeight: 550 } },
  },
  Tabs: { defaultProps: { variant: "default", keepMounted: false } },
  Switch: { defaultProps: { size: "sm", withThumbIndicator: false } },
  Checkbox: { defaultProps: { size: "xs", radius: "xs" } },
  Select: { defaultProps: { allowDeselect: false, checkIconPosition: "right" } },
  SegmentedControl: { defaultProps: { size: "sm" } },
  Menu: {
    // its initial-focus placeholder fails axe's aria-required-children
    defaultProps: {
      withInitialFocusPlaceholder: false,
      shadow: "md",
      width: 200,
      position: "bottom-end",
      transitionProps: { duration: 100, transition: "fade" },
    },
  },
  Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 100, transition: "fade" } } },
  Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: "xs", transitionProps: { duration: 80 } } },
  Drawer: {
    defaultProps: {
      position: "right",
      padding: 0,
      withCloseButton: false,
      overlayProps: { backgroundOpacity: 0.28, blur: 0 },
      transitionProps: { duration: 160 },
    },
  },
  Modal: {
    defaultProps: {
      centered: true,
      radius: "md",
      overlayProps: { backgroundOpacity: 0.28 },
      transitionProps: { duration: 120, transition: "fade" },
    },
  },
};

export const theme = createTheme({
  colors: { cobalt, gray, dark },
  primaryColor: "cobalt",
  primaryShade: { light: 6, dark: 6 },
  white: "#FFFFFF",
  black: "#15181D",
  fontFamily: "'Inter Variable', Inter, system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'Geist Mono Variable', ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.35" },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  radius: { xs: rem(3), sm: rem(6), md: rem(8), lg: rem(10), xl: rem(14) },
  defaultRadius: "sm",
  headings: { fontWeight: "600" },
  shadows: {
    xs: "0 1px 2px rgb(15 18 25 / .06)",
    sm: "0 2px 6px rgb(15 18 25 / .08)",
    md: "0 6px 20px rgb(15 18 25 / .12), 0 1px 3px rgb(15 18 25 / .08)",
    lg: "0 12px 36px rgb(15 18 25 / .18)",
    xl: "0 24px 60px rgb(15 18 25 / .22)",
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components,
});

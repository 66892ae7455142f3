import { ApiProblem } from "../api.ts";

/** What is wrong by place (`api_url`, `fields[3].to`), for putting it under the fields. Empty for other faults. */
export function problemPlaces(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiProblem) || !error.problem) return {};
  return Object.fromEntries(error.problem.errors.map(({ path, message }) => [path, capital(message)]));
}

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** What is wrong as a whole, when no field can say it; null when the fields say it all. */
export function problemWords(error: unknown, fields?: readonly string[]): string | null {
  if (!error) return null;
  if (!(error instanceof ApiProblem)) return "Something broke in this page. Load it again.";
  const places = error.problem?.errors ?? [];
  if (places.length === 0) return error.message;
  const elsewhere = fields ? places.filter(({ path }) => !fields.includes(path)) : [];
  return elsewhere.length > 0 ? elsewhere.map(({ path, message }) => `${path}: ${message}`).join(" · ") : null;
}

/** Puts the cursor into the first field that is at fault, as soon as the page has drawn the fault (within half a second). */
export function focusFirstFault(root: ParentNode = document, frames = 30): void {
  requestAnimationFrame(() => {
    const field = root.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field) field.focus();
    else if (frames > 0) focusFirstFault(root, frames - 1);
  });
}

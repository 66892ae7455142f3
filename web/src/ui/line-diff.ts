export type DiffLine = { readonly mark: " " | "−" | "+"; readonly text: string };

/** Beyond this many lines a side, what is new simply follows what is gone: comparing costs the product of both. */
const linesMax = 1_500;

/** What goes and what comes, line by line, in the places where they stand (the longest common subsequence stays). */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = before.split("\n");
  const now = after.split("\n");
  if (old.length > linesMax || now.length > linesMax)
    return [
      ...old.map((text): DiffLine => ({ mark: "−", text })),
      ...now.map((text): DiffLine => ({ mark: "+", text })),
    ];
  const width = now.length + 1;
  // common[i * width + j]: how many lines the rests from i and j have in common
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const gone = old[i];
    const come = now[j];
    if (gone !== undefined && gone === come) {
      lines.push({ mark: " ", text: gone });
      i++;
      j++;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: "−", text: gone });
      i++;
    } else if (come !== undefined) {
      lines.push({ mark: "+", text: come });
      j++;
    }
  }
  return lines;
}

import { useRowValue } from "./generated-context.ts";

/** What the chosen lead's value becomes, by the builder that sends. */
export function ThisLead({ id }: { id: string }) {
  const found = useRowValue(id);
  if (!found) return null;
  return (
    <div className="fvalue">
      <span className="dim">This lead: </span>
      {found.value === "" ? <span className="dim">empty</span> : <b className="num">{found.value}</b>}
      {found.note && <span className="dim"> · {found.note}</span>}
    </div>
  );
}

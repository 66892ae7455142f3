/** A thing that an event named before anybody described it. */
export const SeenOnly = ({ item }: { item: { readonly described: boolean } }) =>
  item.described ? <span className="dim">Settings</span> : <span>An event; give it a name</span>;

/** The same function of a text, worked out once a text: for what is little and asked for with every delivery. */
export function remembered<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  let length = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    length += text.length + 1;
    if (length > lengthMax) {
      known.clear();
      length = text.length + 1;
    }
    known.set(text, made);
    return made;
  };
}

/** Of all texts together: a vendor's names are some thousand, and whoever tries others out must not fill the memory. */
const lengthMax = 500_000;

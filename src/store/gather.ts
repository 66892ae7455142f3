/**
 * Answers many askers with few reads: what is asked for while reads are under way is read together afterwards. Everything
 * asked is read after it was asked, so that no answer is older than its question.
 * @param read gives what it found by key; a key that is missing has no answer.
 */
export function gather<Key, Value>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Value>>,
  idOf: (key: Key) => string,
): (key: Key) => Promise<Value | undefined> {
  const parallelMax = 2;
  let round: { readonly keys: Map<string, Key>; readonly answers: Promise<ReadonlyMap<string, Value>> } | null = null;
  let reading = 0;
  const idle: (() => void)[] = [];

  const begin = (): NonNullable<typeof round> => {
    const keys = new Map<string, Key>();
    const turn = new Promise<void>((resolve) => {
      if (reading < parallelMax) setImmediate(resolve);
      else idle.push(resolve);
    });
    const answers = turn.then(async () => {
      round = null;
      reading++;
      try {
        return await read([...keys.values()]);
      } finally {
        reading--;
        idle.shift()?.();
      }
    });
    return { keys, answers };
  };

  return async (key) => {
    round ??= begin();
    const id = idOf(key);
    round.keys.set(id, key);
    return (await round.answers).get(id);
  };
}

/** A server's words, where `backticks` mark what machines read: that is mono here, and apostrophes are the page's. */
export function Words({ text }: { text: string }) {
  return text.split(/(`[^`]+`)/).map((part, at) =>
    at % 2 === 1 ? (
      // parts never change places
      // oxlint-disable-next-line react/no-array-index-key
      <code key={at} className="mono">
        {part.slice(1, -1)}
      </code>
    ) : (
      part.replaceAll(/(?<=\p{L})'(?=\p{L})/gu, "’")
    ),
  );
}

/** A label of what may stay empty. */
export const Optional = ({ children }: { children: string }) => (
  <>
    {children}
    <span className="dim" style={{ fontWeight: 400, marginLeft: 6 }}>
      optional
    </span>
  </>
);

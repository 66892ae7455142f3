import createQrCode from "qrcode-generator";

/** A text as a picture for a phone's camera: dark on white in both colour schemes, as cameras want it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = createQrCode(0, "L");
  code.addData(text);
  code.make();
  const modules = Array.from({ length: code.getModuleCount() }, (_, index) => index);
  const size = modules.length + 8;
  const path = modules
    .flatMap((y) => modules.map((x) => (code.isDark(y, x) ? `M${x + 4} ${y + 4}h1v1h-1z` : "")))
    .join("");
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      width={188}
      height={188}
      shapeRendering="crispEdges"
      // a picture with words for those who can't see it
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="img"
      aria-label={label}
      style={{ border: "1px solid var(--pb-line)", borderRadius: 6, flex: "none" }}
    >
      <path d={`M0 0h${size}v${size}H0z`} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

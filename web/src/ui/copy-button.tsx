import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, label, quiet }: { text: string; label: string; quiet?: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void copyText(text).then(() => setCopied(true));
  const words = copied ? "Copied" : label;
  if (quiet)
    return (
      <button type="button" className="lnk" style={{ fontSize: 12.5 }} onClick={copy}>
        {words}
      </button>
    );
  return (
    <Button
      type="button"
      size="xs"
      variant="default"
      onClick={copy}
      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
    >
      {words}
    </Button>
  );
}

/** The clipboard API exists on https and localhost only; elsewhere a selected field does it. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

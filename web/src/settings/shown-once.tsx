import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton } from "../ui/copy-button.tsx";

/** A token or link that is shown this once: it closes by its button alone, so that no stray click loses it. */
export function ShownOnce({
  title,
  secret,
  label,
  children,
  more,
  close,
}: {
  title: string;
  secret: string;
  label: string;
  children: ReactNode;
  /** Below the secret: what to do with it. */
  more?: ReactNode;
  close: () => void;
}) {
  return (
    <Modal
      opened
      onClose={close}
      title={title}
      size={600}
      classNames={{ title: "dtitle" }}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <div className="stack" style={{ gap: 14 }}>
        <div className="t2" style={{ fontSize: 13.5 }}>
          {children}
        </div>
        <div className="well secretline">
          <code data-autofocus tabIndex={-1}>
            {secret}
          </code>
          <CopyButton text={secret} label={label} />
        </div>
        {more}
        <div>
          <Button onClick={close}>I have it</Button>
        </div>
      </div>
    </Modal>
  );
}

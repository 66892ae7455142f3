import { Modal } from "@mantine/core";
import { useState } from "react";
import { SecondFactorForm } from "./second-factor-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";

/** Above a page with something typed in it; it goes away by signing in alone. */
export function SignInAgain({ email, done }: { email: string; done: () => Promise<void> }) {
  const [second, setSecond] = useState(false);
  const finish = () => void done();
  return (
    <Modal
      opened
      onClose={() => {}}
      title={second ? "Second factor" : "Sign in again"}
      classNames={{ title: "dtitle" }}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {second ? (
        <SecondFactorForm done={finish} />
      ) : (
        <>
          <p className="t2" style={{ margin: "0 0 14px", fontSize: 13.5 }}>
            Your session has ended. What you typed is still here: sign in, and save it.
          </p>
          <SignInForm first={email} done={finish} second={() => setSecond(true)} />
        </>
      )}
    </Modal>
  );
}

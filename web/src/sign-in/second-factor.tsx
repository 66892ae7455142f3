import { Alone } from "../ui/alone.tsx";
import { useTitle } from "../ui/page-head.tsx";
import { SecondFactorForm } from "../ui/second-factor-form.tsx";

/** Asked for after the password, where the user has one. */
export function SecondFactor({ done }: { done: () => void }) {
  useTitle("Second factor");
  return (
    <Alone>
      <h1>Second factor</h1>
      <SecondFactorForm done={done} />
    </Alone>
  );
}

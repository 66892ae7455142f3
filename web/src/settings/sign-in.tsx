import { useSession } from "../ui/session.ts";
import { ChangePassword } from "./change-password.tsx";
import { SecondFactor } from "./second-factor.tsx";

/** One's own password and second factor. */
export default function SignIn() {
  const { user } = useSession();
  return (
    <>
      <div className="shead">
        <h2>Your sign-in</h2>
        <p>
          {user.name}, {user.email}
        </p>
      </div>
      <div className="sform">
        <SecondFactor on={user.second_factor} />
        <hr className="hr" />
        <ChangePassword />
      </div>
    </>
  );
}

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { acceptInvitation, showInvitation } from "../../../src/contracts/endpoints/access.ts";
import type { Role } from "../../../src/contracts/endpoint.ts";
import { ApiProblem, call, callSignIn, wordsOf } from "../api.ts";
import { Alone } from "../ui/alone.tsx";
import { Notice } from "../ui/atoms.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { useTitle } from "../ui/page-head.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";

const roleWords: Record<Role, string> = {
  viewer: "You can read; personal data is masked.",
  operator: "You can read, send again, and test what is saved.",
  admin: "You can change everything.",
};

/** A one-time link: who is invited to what, a name and a password, and in. */
export function InvitationPage() {
  useTitle("Invitation");
  const { code = "" } = useParams({ strict: false });
  const invitation = useQuery({
    queryKey: ["invitation", code],
    queryFn: () => call(showInvitation, { params: { code } }),
    retry: false,
    staleTime: Infinity,
  });
  if (invitation.isPending) return <LoadingPage />;
  if (invitation.error) {
    const used =
      invitation.error instanceof ApiProblem && ["link_used", "not_found", "bad_input"].includes(invitation.error.code);
    return (
      <Alone>
        <h1>{used ? "This link no longer works" : "The invitation could not be read"}</h1>
        <p className="t2">
          {used ? "It was used, has run out, or was cut off. Ask an admin for a new one." : wordsOf(invitation.error)}
        </p>
      </Alone>
    );
  }
  return <Join code={code} {...invitation.data} />;
}

function Join({ code, email, account_name, role }: { code: string; email: string; account_name: string; role: Role }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { name: "", password: "" } });
  const join = useMutation({
    mutationFn: async (body: typeof form.values) => {
      const joined = await call(acceptInvitation, { params: { code }, body });
      await callSignIn("sign-in/email", { email: joined.email, password: body.password });
    },
    onSuccess: () => {
      queries.clear();
      void navigate({ to: "/" });
    },
    onError: (error) => {
      form.setErrors(problemPlaces(error));
      focusFirstFault();
    },
  });
  const fault = problemWords(join.error, ["name", "password"]);
  return (
    <Alone>
      <h1>Join {account_name}</h1>
      <p className="t2" style={{ margin: "0 0 20px" }}>
        As {email}, {role}. {roleWords[role]}
      </p>
      <form noValidate onSubmit={form.onSubmit((values) => join.mutate(values))} className="stack">
        {/* for password managers, which keep a password beside its name */}
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          description="12 characters or more."
          visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          {...form.getInputProps("password")}
        />
        {fault && (
          <div role="alert">
            <Notice o="failed">{fault}</Notice>
          </div>
        )}
        <Button type="submit" loading={join.isPending}>
          Join
        </Button>
      </form>
    </Alone>
  );
}

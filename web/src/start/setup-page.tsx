import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { setUp, showSetup } from "../../../src/contracts/endpoints/access.ts";
import { call, callSignIn } from "../api.ts";
import { Alone } from "../ui/alone.tsx";
import { Notice } from "../ui/atoms.tsx";
import { Fault } from "../ui/fault.tsx";
import { useTitle } from "../ui/page-head.tsx";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { sessionKey } from "../ui/session.ts";
import { browserZone, TimeZoneSelect } from "../ui/time-zone-select.tsx";

const fields = ["account_name", "time_zone", "name", "email", "password", "code"] as const;

/** The first visit: no default password, so it makes the account and its admin. */
export function SetupPage() {
  useTitle("Set up");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const state = useQuery({ queryKey: ["setup"], queryFn: () => call(showSetup), staleTime: Infinity });
  const form = useForm({
    initialValues: { account_name: "", time_zone: browserZone(), name: "", email: "", password: "", code: "" },
  });
  const save = useMutation({
    mutationFn: async ({ code, ...values }: typeof form.values) => {
      await call(setUp, { body: { ...values, ...(code ? { code: code.trim() } : {}) } });
      await callSignIn("sign-in/email", { email: values.email, password: values.password });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionKey });
      void navigate({ to: "/start" });
    },
    onError: (error) => {
      form.setErrors(problemPlaces(error));
      focusFirstFault();
    },
  });
  if (state.data && !state.data.needed && !save.isPending && !save.isSuccess) return <Navigate to="/sign-in" />;
  const fault = problemWords(save.error, fields);
  return (
    <Alone>
      <h1>Set up Patchbay</h1>
      <p className="t2" style={{ margin: "0 0 24px" }}>
        You become the admin of this installation.
      </p>
      {state.error && (
        <Fault what="Patchbay could not be asked." error={state.error} again={() => void state.refetch()} />
      )}
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))} className="stack">
        {state.data?.code_needed && (
          <TextInput
            label="One-time code"
            classNames={{ input: "mono" }}
            autoComplete="off"
            description="Printed at the server’s start, since you are not on the server itself."
            {...form.getInputProps("code")}
          />
        )}
        <TextInput
          label="Company"
          autoComplete="organization"
          description="The account’s name, shown to everybody in it."
          data-autofocus
          {...form.getInputProps("account_name")}
        />
        <TimeZoneSelect
          label="Time zone"
          description="Times on these pages and in what vendors receive."
          value={form.values.time_zone}
          error={form.errors["time_zone"]}
          onChange={(zone) => form.setFieldValue("time_zone", zone)}
        />
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          description="12 characters or more. It is kept as a hash only."
          visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
          {...form.getInputProps("password")}
        />
        {fault && (
          <div role="alert">
            <Notice o="failed">{fault}</Notice>
          </div>
        )}
        <Button type="submit" loading={save.isPending}>
          Make the account
        </Button>
      </form>
    </Alone>
  );
}

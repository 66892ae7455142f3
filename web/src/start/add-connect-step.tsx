import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Connect } from "../../../src/contracts/connect.ts";
import { nothingOdd } from "../../../src/contracts/question-value.ts";
import { createAdaptor, createConnect, listAdaptors } from "../../../src/contracts/endpoints/connects.ts";
import { call } from "../api.ts";
import { Letter, Notice } from "../ui/atoms.tsx";
import { pastedLines, questionCredentials } from "../ui/credential-questions.ts";
import { focusFirstFault, problemPlaces, problemWords } from "../ui/problem-places.ts";
import { focusFirstQuestion, Questions } from "../ui/questions.tsx";
import { SecretInput } from "../ui/secret-input.tsx";

/** The lead's everyday fields, under their own names. */
const standardFields = [
  "first_name", "last_name", "phone_number", "email", "address1", "city", "state", "postal_code", "country",
] as const; // prettier-ignore
const adaptorName = "Standard lead fields";

/** Name, URL, method and data types; an adaptor of the standard fields under their own names is made beside it. */
export function AddConnectStep({ done }: { done: (connect: Connect) => void }) {
  const queries = useQueryClient();
  const form = useForm<{
    name: string;
    api_url: string;
    request_method: "POST" | "GET";
    post_data_type: "JSON" | "RAW";
    response_data_type: "JSON" | "XML" | "TEXT";
    authorization_header: string;
  }>({
    initialValues: {
      name: "",
      api_url: "",
      request_method: "POST",
      post_data_type: "JSON",
      response_data_type: "JSON",
      authorization_header: "",
    },
  });
  const add = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const adaptor_id = await standardAdaptor();
      return call(createConnect, { body: { ...values, adaptor_id } });
    },
    onSuccess: async (connect) => {
      await queries.invalidateQueries({ queryKey: ["connects"] });
      await queries.invalidateQueries({ queryKey: ["adaptors"] });
      done(connect);
    },
    onError: (error) => {
      form.setErrors(problemPlaces(error));
      focusFirstFault();
    },
  });
  const fault = problemWords(add.error, Object.keys(form.values));
  const { values } = form;
  const header = values.authorization_header;
  const [kept, setKept] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<string | null>(null);
  const asked = kept === header ? nothingOdd : questionCredentials("authorization_header", header, "");
  return (
    <section className="panel" style={{ padding: 18 }} aria-label="Add Connect">
      <form
        noValidate
        className="stack"
        onSubmit={form.onSubmit((all) => {
          if (asked.questions.length === 0) return add.mutate(all);
          setWaiting(header);
          return focusFirstQuestion();
        })}
      >
        <TextInput label={lettered("A", "Name")} placeholder="Acme CRM" {...form.getInputProps("name")} />
        <TextInput
          label={lettered("B", "API URL")}
          classNames={{ input: "mono" }}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder="https://api.vendor.example.com/v2/leads"
          description="From the vendor’s documentation or e-mail."
          {...form.getInputProps("api_url")}
        />
        <div>
          <SecretInput
            label={lettered("D", "Authorization Header", true)}
            aria-label="Authorization Header"
            placeholder="Authorization: Bearer TOKEN"
            description="Kept encrypted. Leave it empty if the vendor asks for none."
            error={asked.questions.length > 0 ? null : form.errors["authorization_header"]}
            value={header}
            saved=""
            change={(text) => form.setFieldValue("authorization_header", text)}
            lines={pastedLines.authorization_header}
          />
          <Questions
            about="Authorization Header"
            typed={header}
            asked={waiting === header}
            {...asked}
            keep={"authorization_header" in form.errors ? null : () => setKept(header)}
            change={(text) => form.setFieldValue("authorization_header", text)}
          />
        </div>
        <div className="two">
          <div>
            <div className="mantine-InputWrapper-label">{lettered("E", "Request Method")}</div>
            <SegmentedControl
              fullWidth
              aria-label="Request Method"
              classNames={{ root: "seg" }}
              data={["POST", "GET"]}
              {...form.getInputProps("request_method")}
            />
            <div className="mantine-InputWrapper-description">
              {values.request_method === "POST"
                ? "POST – the system sends leads to the vendor."
                : "GET – calls the vendor with the adaptor’s pairs in the query."}
            </div>
          </div>
          {values.request_method === "POST" && (
            <Select
              label="Post Data Type"
              data={[
                { value: "JSON", label: "JSON" },
                { value: "RAW", label: "RAW (form)" },
              ]}
              description="As the vendor’s documentation says."
              {...form.getInputProps("post_data_type")}
            />
          )}
          <Select
            label={lettered("F", "Response Data Type")}
            data={["JSON", "XML", "TEXT"]}
            description="The form of the vendor’s answer."
            {...form.getInputProps("response_data_type")}
          />
        </div>
        <p className="dim" style={{ fontSize: 13, margin: 0 }}>
          It is sent the standard lead fields under their own names (
          <span className="mono small">{standardFields.slice(0, 4).join(", ")}</span> …). An adaptor, made now, says so;
          change it at any time.
        </p>
        {fault && (
          <div role="alert">
            <Notice o="failed">{fault}</Notice>
          </div>
        )}
        <div style={{ display: "flex", gap: 8, alignItems: "center", flexWrap: "wrap" }}>
          <Button type="submit" loading={add.isPending}>
            Go on to Test
          </Button>
          <Link className="lnk" style={{ fontSize: 13, padding: "0 8px" }} to="/connects/new">
            Start blank, with all settings A to J
          </Link>
        </div>
      </form>
    </section>
  );
}

const lettered = (letter: string, words: string, optional = false) => (
  <span className="setlabel">
    <Letter>{letter}</Letter>
    {words}
    {optional && <span className="dim">optional</span>}
  </span>
);

/** Made once: a second try after a refused connect takes the first try's. */
async function standardAdaptor() {
  const { items } = await call(listAdaptors, { query: { limit: 1000 } });
  const known = items.find(({ name, active }) => active && name === adaptorName);
  if (known) return known.id;
  const fields = standardFields.map((field) => ({ section: "lead" as const, field, to: field }));
  return (await call(createAdaptor, { body: { name: adaptorName, fields } })).id;
}

import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ConnectSettings, RequestMethod } from "../../../src/contracts/connect.ts";
import { droppedHeaders, pastedLines, type SecretSetting } from "../ui/credential-questions.ts";
import { Questions } from "../ui/questions.tsx";
import { SecretInput } from "../ui/secret-input.tsx";
import { settingNames, type SettingName } from "../ui/setting-names.ts";
import type { FormProps } from "./draft.ts";
import { adaptorsQuery } from "./queries.ts";
import { DeliverySettings } from "./delivery-settings.tsx";
import { Group, SettingLabel } from "./setting-label.tsx";
import type { Questions as OpenQuestions } from "./use-questions.ts";

type Asked = {
  questions: OpenQuestions;
  /** What can't be saved, also where a question says so already. */
  refused: FormProps["faults"];
  /** Of what is saved: with the next one, the fields of secrets are closed again. */
  version: number;
};

/** Settings A–J in their order, then the folded ones. */
export function ConnectForm({
  draft,
  saved,
  faults,
  refused,
  remarks,
  readOnly,
  questions,
  version,
}: FormProps & Asked) {
  const { values, set } = draft;
  const sendsBody = values.request_method !== "GET";
  const field = (name: SettingName, optional = false) => ({
    label: <SettingLabel of={name} optional={optional} />,
    error: faults[name],
    disabled: readOnly,
    id: `setting-${name}`,
  });
  const secret = (name: SecretSetting) => ({
    ...field(name, true),
    value: values[name],
    saved: saved[name],
    change: (value: string) => set(name, value),
    lines: pastedLines[name],
    "aria-label": settingNames[name],
  });
  return (
    <>
      <Group title="Vendor">
        <TextInput
          {...field("name")}
          value={values.name}
          onChange={(event) => set("name", event.currentTarget.value)}
          placeholder="Acme CRM"
          description="What you call this vendor. You can change it at any time."
        />
        <div>
          <TextInput
            {...field("api_url")}
            classNames={{ input: "mono" }}
            value={values.api_url}
            onChange={(event) => set("api_url", event.currentTarget.value)}
            placeholder="https://api.vendor.example.com/v2/leads"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            description={
              <>
                Where leads are sent. A place such as <span className="mono small">{"{lead.phone_number}"}</span> is
                filled in for each lead.
              </>
            }
          />
          {remarks.api_url}
        </div>
      </Group>
      <Group title="Credentials">
        <div>
          <SecretInput
            key={`api_authentication ${version}`}
            {...secret("api_authentication")}
            placeholder="api_key=XXX&credential=YYY"
            description="The vendor’s token for the URL, such as api_key=XXX&credential=YYY. Kept encrypted."
          />
          <AskAbout setting="api_authentication" {...{ draft, refused, questions }} />
          {remarks.api_authentication}
        </div>
        <div>
          <SecretInput
            key={`authorization_header ${version}`}
            {...secret("authorization_header")}
            placeholder="Content-type: application/json|Authorization: OAuth TOKEN"
            description="Headers, each as Name: value, with a pipe | between them. Kept encrypted."
          />
          <AskAbout setting="authorization_header" {...{ draft, refused, questions }}>
            <Dropped
              headers={
                draft.changed("authorization_header")
                  ? droppedHeaders(values.authorization_header, saved.authorization_header)
                  : []
              }
              keep={(header) => set("authorization_header", `${values.authorization_header}|${header}`)}
            />
          </AskAbout>
          {remarks.authorization_header}
        </div>
      </Group>
      <Group title="Request and answer">
        <div className="two">
          <div>
            <MethodChoice
              value={values.request_method}
              choose={(method) => set("request_method", method)}
              readOnly={readOnly}
            />
            {remarks.request_method}
          </div>
          {sendsBody ? (
            <div>
              <Select
                {...field("post_data_type")}
                data={[
                  { value: "RAW", label: "RAW (form)" },
                  { value: "JSON", label: "JSON" },
                ]}
                value={values.post_data_type}
                onChange={(value) => value && set("post_data_type", value)}
                description={
                  values.post_data_type === "RAW"
                    ? "name=value pairs, as web forms send them."
                    : "One JSON object, as the vendor’s documentation shows."
                }
              />
              {remarks.post_data_type}
            </div>
          ) : (
            <div className="hide-m" />
          )}
          <div>
            <Select
              {...field("response_data_type")}
              data={["JSON", "XML", "TEXT"]}
              value={values.response_data_type}
              onChange={(value) => value && set("response_data_type", value)}
              description="The form of the vendor’s answer."
            />
            {remarks.response_data_type}
          </div>
          <Select
            {...field("api_integrator", true)}
            data={["None"]}
            value={values.api_integrator}
            onChange={(value) => value && set("api_integrator", value as ConnectSettings["api_integrator"])}
            description="Choose one only if the vendor is listed."
          />
          <div>
            <TextInput
              {...field("delimiter", true)}
              classNames={{ input: "mono" }}
              placeholder=","
              maxLength={10}
              value={values.delimiter}
              onChange={(event) => set("delimiter", event.currentTarget.value)}
              description="Between the values of a TEXT answer; also joins lists."
            />
            {remarks.delimiter}
          </div>
          <div>
            <TextInput
              {...field("response_key", true)}
              classNames={{ input: "mono" }}
              placeholder="data.id"
              autoComplete="off"
              spellCheck={false}
              value={values.response_key}
              onChange={(event) => set("response_key", event.currentTarget.value)}
              description="What to show as Result. status=OK accepts only that value."
            />
            {remarks.response_key}
          </div>
        </div>
      </Group>
      <Group title="Fields">
        <div>
          <AdaptorChoice
            field={field("adaptor_id", !sendsBody)}
            value={values.adaptor_id}
            choose={(id) => set("adaptor_id", id)}
          />
          {remarks.adaptor_id}
        </div>
      </Group>
      <DeliverySettings draft={draft} faults={faults} remarks={remarks} readOnly={readOnly} />
    </>
  );
}

function AskAbout({
  setting,
  draft,
  refused,
  questions,
  children,
}: Pick<FormProps, "draft"> & Pick<Asked, "questions" | "refused"> & { setting: SecretSetting; children?: ReactNode }) {
  const asked = questions.of(setting);
  return (
    <>
      <Questions
        about={settingNames[setting]}
        typed={draft.values[setting]}
        asked={questions.asked(setting)}
        {...asked}
        {...(draft.values[setting].trim() === "" ? { fix: "Bring it back", as: "Remove it" } : {})}
        keep={setting in refused ? null : () => questions.keep(setting)}
        change={(text) => draft.set(setting, text)}
      />
      {asked.questions.length === 0 && children}
    </>
  );
}

/** What was stored besides, and would no longer be sent. */
function Dropped({ headers, keep }: { headers: readonly string[]; keep: (header: string) => void }) {
  return headers.map((header) => (
    <div key={header} className="dim dropped">
      Before, it sent <span className="mono">{header}</span> too.{" "}
      <button type="button" className="lnk" onClick={() => keep(header)}>
        Keep that
      </button>
    </div>
  ));
}

const others: readonly RequestMethod[] = ["PUT", "PATCH", "DELETE"];

function MethodChoice({
  value,
  choose,
  readOnly,
}: {
  value: RequestMethod;
  choose: (method: RequestMethod) => void;
  readOnly: boolean;
}) {
  const other = others.includes(value);
  return (
    <div>
      <div className="mantine-InputWrapper-label">
        <SettingLabel of="request_method" />
      </div>
      <SegmentedControl
        id="setting-request_method"
        fullWidth
        disabled={readOnly}
        aria-label="Request Method"
        data={[
          { value: "POST", label: "POST" },
          { value: "GET", label: "GET" },
          { value: "more", label: other ? value : "More…" },
        ]}
        value={other ? "more" : value}
        onChange={(chosen) => choose(chosen === "more" ? "PUT" : chosen)}
        classNames={{ root: "seg" }}
      />
      {other && (
        <SegmentedControl
          fullWidth
          mt={6}
          disabled={readOnly}
          aria-label="Other methods"
          data={[...others]}
          value={value}
          onChange={(chosen) => choose(chosen)}
          classNames={{ root: "seg" }}
        />
      )}
      <div className="mantine-InputWrapper-description">
        {value === "GET"
          ? "GET – calls the vendor with the adaptor’s pairs in the query."
          : value === "POST"
            ? "POST – the system sends leads to the vendor."
            : `${value} – as POST, for vendors that ask for it.`}
      </div>
    </div>
  );
}

function AdaptorChoice({
  field,
  value,
  choose,
}: {
  field: object;
  value: ConnectSettings["adaptor_id"];
  choose: (id: ConnectSettings["adaptor_id"]) => void;
}) {
  const { data } = useQuery(adaptorsQuery);
  const chosen = data?.items.find(({ id }) => id === value);
  const offered = (data?.items ?? []).filter(({ id, active }) => active || id === value);
  const byText = (text: string) => data?.items.find(({ id }) => String(id) === text)?.id ?? null;
  return (
    <Select
      {...field}
      clearable
      searchable={offered.length >= 8}
      placeholder={data && offered.length === 0 ? "No adaptor yet" : "Choose an adaptor"}
      nothingFoundMessage="No adaptor has this name"
      data={offered.map(({ id, name, active }) => ({
        value: String(id),
        label: `${id} · ${name}${active ? "" : " (not active)"}`,
      }))}
      value={value === null ? null : String(value)}
      onChange={(text) => choose(text ? byText(text) : null)}
      description={
        <>
          Which fields are sent, and under which names.{" "}
          {chosen ? (
            <Link className="lnk" to="/adaptors/$id" params={{ id: String(chosen.id) }}>
              Open {chosen.name}
            </Link>
          ) : (
            <Link className="lnk" to="/adaptors/$id" params={{ id: "new" }}>
              Add an adaptor
            </Link>
          )}
        </>
      }
    />
  );
}

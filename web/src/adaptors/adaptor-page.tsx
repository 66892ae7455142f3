import { IconCopy, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Fragment } from "react";
import { z } from "zod";
import type { Adaptor, AdaptorSettings } from "../../../src/contracts/adaptor.ts";
import { secretMask } from "../../../src/contracts/connect.ts";
import { Broken, NotHere } from "../ui/broken.tsx";
import { fieldsQuery } from "../ui/fields.ts";
import { GearMenu } from "../ui/gear-menu.tsx";
import { LoadingPage } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { useMay } from "../ui/session.ts";
import { useUrlState } from "../ui/use-url-state.ts";
import { AdaptorEditor } from "./editor.tsx";
import { adaptorQuery } from "./queries.ts";
import { settingsOf } from "./use-editor.ts";
import { useDeleteAdaptor } from "./use-delete-adaptor.ts";

const crumb = { to: "/adaptors", label: "Adaptors" };
const Search = z.object({ from: z.coerce.number().int().positive().optional() });

/** `/adaptors/new` (with `?from=` a copy), or an adaptor by its id. */
export function AdaptorPage() {
  const { id } = useParams({ strict: false });
  const [{ from }] = useUrlState(Search);
  const isNew = id === "new";
  const wanted = isNew ? (from ?? null) : Number(id);
  const readable = wanted === null || (Number.isSafeInteger(wanted) && wanted > 0);
  const fields = useQuery(fieldsQuery);
  const adaptor = useQuery({ ...adaptorQuery(wanted ?? 0), enabled: wanted !== null && readable });
  if (!readable) return <NotHere />;
  const error = adaptor.error ?? fields.error;
  if (error) return <Broken error={error} reset={() => void adaptor.refetch()} />;
  if (!fields.data || (wanted !== null && !adaptor.data)) return <LoadingPage />;
  const items = fields.data.items;
  if (isNew)
    return (
      <AdaptorEditor
        key={`new ${from ?? ""}`}
        saved={null}
        first={adaptor.data ? copyOf(adaptor.data) : blank}
        fields={items}
        head={<PageHead title={adaptor.data ? `Copy of ${adaptor.data.name}` : "New adaptor"} crumb={crumb} />}
      />
    );
  const saved = adaptor.data!;
  return (
    <AdaptorEditor
      key={saved.id}
      saved={saved}
      first={settingsOf(saved)}
      fields={items}
      head={<Head saved={saved} />}
    />
  );
}

function Head({ saved }: { saved: Adaptor }) {
  const navigate = useNavigate();
  const mayChange = useMay("admin");
  const remove = useDeleteAdaptor(() => void navigate({ to: "/adaptors", ignoreBlocker: true }));
  const items = [
    {
      label: "Duplicate",
      icon: <IconCopy size={16} aria-hidden />,
      act: () => void navigate({ to: "/adaptors/$id", params: { id: "new" }, search: { from: String(saved.id) } }),
    },
    { label: "Delete…", icon: <IconTrash size={16} aria-hidden />, danger: true, act: () => remove(saved) },
  ];
  return (
    <PageHead
      title={saved.name}
      crumb={crumb}
      tags={<UsedBy connects={saved.used_by} />}
      acts={mayChange && <GearMenu label={`Actions for ${saved.name}`} items={items} />}
    />
  );
}

/** The connects that send through this adaptor. */
function UsedBy({ connects }: { connects: Adaptor["used_by"] }) {
  if (connects.length === 0) return <span className="dim usedby">No connect uses it yet</span>;
  return (
    <span className="dim usedby">
      Used by{" "}
      {connects.map(({ id, name }, at) => (
        <Fragment key={id}>
          {at > 0 && (at === connects.length - 1 ? " and " : ", ")}
          <Link className="lnk" to="/connects/$id" params={{ id: String(id) }}>
            {name}
          </Link>
        </Fragment>
      ))}
    </span>
  );
}

const blank: AdaptorSettings = { name: "", active: true, leave_out_empty: false, fields: [] };

/** Secrets don't go along: they are typed anew. */
function copyOf(adaptor: Adaptor): AdaptorSettings {
  return {
    ...settingsOf(adaptor),
    name: `${adaptor.name} copy`.slice(0, 100),
    fields: adaptor.fields.map((row) =>
      row.section === "static" && row.value.includes(secretMask) ? { ...row, value: "", secret: true } : row,
    ),
  };
}

import { beforeAll, expect, test } from "vitest";
import type { AccountId } from "../../src/contracts/ids.ts";
import { limits } from "../../src/contracts/limits.ts";
import { startPatchbay, type Client } from "./patchbay.ts";

// a row may be a megabyte: a page ends where it is as large as it may be, and nothing is lost

const patchbay = startPatchbay();
let account: AccountId;
let admin: Client;
const rows = 45;

beforeAll(async () => {
  account = await patchbay.account("Acme Calls");
  admin = await patchbay.user(account, "admin");
  await patchbay.db.query("delete from audit where account_id = $1", [account]);
  await patchbay.db.query(
    `insert into audit (account_id, actor_kind, actor_name, action, target_kind, target_id, target_name, after)
     select $1, 'user', 'Ada', 'changed', 'adaptor', n::text, 'Many',
       jsonb_build_object('notes', repeat('x', case when n % 3 = 0 then 1000000 else 10 end))
     from generate_series(1, $2::int) n`,
    [account, rows],
  );
  const { id: list } = await admin.ok<{ id: number }>("POST", "/api/lists", { name: "Leads" });
  await patchbay.db.query(
    `insert into leads (account_id, list_id, phone_number, fields)
     select $1, $2, '31055501' || lpad(n::text, 2, '0'),
       jsonb_build_object('first_name', repeat('x', case when n % 3 = 0 then 1000000 else 10 end), 'notes', repeat('y', 1000000))
     from generate_series(1, $3::int) n`,
    [account, list, rows],
  );
});

type Page = { readonly items: readonly { readonly id: number }[]; readonly next_cursor: string | null };

test.for(["/api/audit", "/api/leads"])("%s", async (path) => {
  const all: number[] = [];
  let pages = 0;
  for (let cursor: string | null = ""; cursor !== null; pages++) {
    const page: Page = await admin.ok<Page>("GET", `${path}?limit=1000${cursor === "" ? "" : `&cursor=${cursor}`}`);
    expect(JSON.stringify(page.items).length).toBeLessThan(limits.pageCharsMax + 1_100_000);
    expect(page.items.length).toBeGreaterThan(0);
    all.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(pages).toBeGreaterThan(2);
  expect(all).toEqual(all.toSorted((a, b) => b - a));
  expect(new Set(all).size).toBeGreaterThanOrEqual(rows);
  const { items } = await admin.ok<Page>("GET", `${path}?limit=7&cursor=${all[30]}`);
  expect(items.map(({ id }) => id)).toEqual(all.slice(31, 31 + items.length));
});

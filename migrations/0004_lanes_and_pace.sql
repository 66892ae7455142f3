-- How deliveries are ordered, paced and paused: lanes in `due`, one row of state a connect, and who works.

-- Deliveries of one order group and one lead form a lane, in the order of their ids; only its head can be claimed.
alter table due
  -- which lane, as a hash of account, order group and lead; null: no order is kept
  add column lane bigint,
  -- an earlier one of its lane is owed, so that this one is not to be claimed
  add column behind boolean not null default false,
  -- the lane holds deliveries of several connects
  add column shared_lane boolean not null default false,
  add column keep_order_for interval,
  -- of a head, once an attempt failed (or at once in a shared lane): when those behind it need wait no longer
  add column pass_at timestamptz,
  -- out_of_order: it left its lane, since it had kept the others waiting too long; superseded: a newer one took its place
  add column remark text check (remark in ('out_of_order', 'superseded'));
alter table deliveries add column remark text check (remark in ('out_of_order', 'superseded'));
drop index due_claim;
create index due_claim on due (account_id, connect_id, coalesce(lease_until, due_at))
  where held_because is null and not behind and connect_id is not null;
create index due_behind on due (account_id, lead_id, id) where behind;
create index due_pass on due (pass_at) where pass_at is not null;
-- pending actions of a workflow; deliveries are found by their connect
drop index due_workflow;
create index due_workflow on due (account_id, workflow_id, id desc) where kind = 'action';

-- How a connect stands at run time, apart from its settings: paused by a person, by its breaker, and its next free slot
-- where it has a rate. No row: nothing of that has ever happened.
create table connect_states (
  account_id bigint not null,
  connect_id bigint not null,
  paused_at timestamptz,
  paused_by text,
  -- open: too many failures, probed from time to time; refused: the credentials were, until the connect is saved anew
  breaker text not null default 'closed' check (breaker in ('closed', 'open', 'refused')),
  breaker_since timestamptz,
  breaker_because text,
  -- while it is open: when one delivery is tried, and how long is waited after it fails
  probe_at timestamptz,
  probe_wait_seconds integer,
  failures_in_row integer not null default 0,
  refusals_in_row integer not null default 0,
  -- the last 50 attempts: [milliseconds since 1970, 1 for a failure or 0]
  recent jsonb not null default '[]',
  -- the next moment at which one delivery may be sent, on this database's clock
  next_slot timestamptz,
  primary key (account_id, connect_id),
  foreign key (account_id, connect_id) references connects on delete cascade
) with (fillfactor = 50);

-- What breakers did, for the connect's Health tab.
create table breaker_changes (
  account_id bigint not null,
  connect_id bigint not null,
  at timestamptz not null default now(),
  breaker text not null check (breaker in ('closed', 'open', 'refused')),
  because text not null default '',
  foreign key (account_id, connect_id) references connects on delete cascade
);
create index breaker_changes_connect on breaker_changes (account_id, connect_id, at desc);
create index breaker_changes_age on breaker_changes (at);

-- A process that sends. They share each connect's concurrency: a new one begins when the others have made room, a dead
-- one's share is free when its leases are.
create table workers (
  id uuid primary key,
  -- where it runs, by which another on that machine sees that it is gone; a process may hold several
  host text not null,
  pid integer not null,
  process uuid not null,
  -- its calls under way are no more than its share among so many workers
  fits integer not null,
  joined_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- settings that did not exist before, with their defaults; revisions stay as they were saved
update connects set settings = '{"concurrency": 32, "rate": null, "order": "per_lead", "order_group": "",
  "keep_order_for": "10m"}'::jsonb || settings;

-- what every event changes of its lead is in no index: with room in the page no index is touched
alter table leads set (fillfactor = 80);
-- a check of the account for every call and every event's id, in the same transaction that has read the account
alter table call_logs drop constraint call_logs_account_id_fkey;
alter table event_keys drop constraint event_keys_account_id_fkey;

-- What is written for every event and read seldom is kept as it was written: taking it apart costs more than all else.
alter table events
  alter column source type json, alter column snapshot type json, alter column details drop default,
  alter column details type json, alter column details set default '{}';
alter table runs alter column checks type json;
alter table due alter column payload type json;
alter table deliveries alter column payload type json;
alter table attempts
  alter column calls type json, alter column notes drop default, alter column notes type json,
  alter column notes set default '[]';

-- What a dialler tells, and what is done about it: call logs, workflows, their runs and actions, and the records that the
-- dialler reads back.

-- What inbound calls wait in.
create table queues (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  code text,
  name text not null check (name <> ''),
  described boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, name),
  unique (account_id, code)
);

-- A number that callers dial; its code is the number as the dialler writes it.
create table inbound_numbers (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  code text,
  name text not null check (name <> ''),
  described boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, name),
  unique (account_id, code)
);

-- A mail that an action sends.
create table email_templates (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  name text not null check (name <> ''),
  subject text not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, name)
);

-- One call to or from a lead, kept from the events of it. `call_key` is the dialler's own id of the call.
create table call_logs (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  call_key text,
  lead_id bigint not null,
  phone_number text not null,
  campaign_id bigint,
  list_id bigint,
  queue_id bigint,
  inbound_number_id bigint,
  agent_id bigint,
  originating_agent_id bigint,
  call_type text,
  status text,
  term_reason text,
  length_in_sec integer,
  queue_seconds integer,
  queue_position integer,
  caller_id text,
  agent_comment text,
  recording text,
  -- the call raised the lead's called_count already
  counted boolean not null default false,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (account_id, id)
);
create unique index call_logs_key on call_logs (account_id, call_key) where call_key is not null;
create index call_logs_lead on call_logs (account_id, lead_id, started_at desc);
-- what a live call is looked up by
create index call_logs_live on call_logs (account_id, lead_id, started_at) where ended_at is null;
create index call_logs_age on call_logs (started_at);

-- What the event's snapshot does not tell and deciding asks for: what it belonged to, how the lead's status changed and
-- whether that was reached or final, and what the dialler sent besides.
alter table events add column details jsonb not null default '{}';
-- the dialler's own lead id
create index leads_remote_id on leads (account_id, (fields ->> 'remote_id')) where fields ? 'remote_id';

-- Ids that events came with, kept 7 days, so that a repeat is answered as before and does nothing.
create table event_keys (
  account_id bigint not null references accounts,
  key text not null,
  answer jsonb not null,
  expires_at timestamptz not null,
  primary key (account_id, key)
);
create index event_keys_expiry on event_keys (expires_at);

-- When to act, and what to do. `version` is the account's count of workflow saves at this one, by which every process
-- knows what it has not seen yet.
create table workflows (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  name text not null check (name <> ''),
  active boolean not null,
  settings jsonb not null,
  revision integer not null,
  version bigint not null,
  -- why Patchbay switched it off by itself; gone at the next save
  notice text,
  saved_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (account_id, id)
);
create unique index workflows_name on workflows (account_id, name) where deleted_at is null;
create index workflows_version on workflows (account_id, version);
-- those that a settled delivery is to be told to: settling asks for them, and there are few
create index workflows_outcome on workflows (account_id)
  where active and deleted_at is null and jsonb_path_exists(settings, '$.**.type ? (@ == "connect_outcome")');
alter table accounts add column workflows_version bigint not null default 0;
-- what SMS, voice broadcast and ringless voicemail go out through, and the mail server
alter table accounts add column provider_connects jsonb not null default '{}';
alter table accounts add column smtp jsonb;
alter table accounts add column smtp_secrets bytea;

-- What a workflow remembers of a lead: that it stopped for it, and how many runs its own updates caused.
create table workflow_leads (
  account_id bigint not null,
  workflow_id bigint not null,
  lead_id bigint not null,
  stopped_at timestamptz,
  own_runs integer not null default 0,
  primary key (account_id, workflow_id, lead_id)
);

-- One decision: a candidate workflow, asked about an event, with the verdict of every check.
create table runs (
  account_id bigint not null,
  id uuid not null,
  at timestamptz not null,
  workflow_id bigint not null,
  workflow_revision integer not null,
  event_id uuid not null,
  lead_id bigint,
  fired boolean not null,
  -- the check that said no
  because text,
  checks jsonb not null,
  primary key (account_id, id)
) partition by range (id);
create index runs_workflow on runs (account_id, workflow_id, id desc);
create index runs_lead on runs (account_id, lead_id, id desc);
create index runs_event on runs (account_id, event_id);
-- what loop protection counts
create index runs_fired on runs (account_id, workflow_id, lead_id, id desc) where fired;

-- An action that is over: done, skipped or failed. What is still owed waits in `due`; a row is in exactly one.
create table actions (
  account_id bigint not null,
  id uuid not null,
  run_id uuid not null,
  workflow_id bigint not null,
  workflow_revision integer not null,
  event_id uuid not null,
  lead_id bigint,
  list_id bigint,
  type text not null,
  state text not null check (state in ('done', 'skipped', 'failed')),
  note text not null default '',
  -- of an action that goes out through a connect
  delivery_id uuid,
  done_at timestamptz not null default now(),
  primary key (account_id, id)
) partition by range (id);
create index actions_workflow on actions (account_id, workflow_id, id desc);
create index actions_lead on actions (account_id, lead_id, id desc);
create index actions_run on actions (account_id, run_id);

-- A pending action is owed like a delivery: same table, same leases.
alter table due add column kind text not null default 'delivery' check (kind in ('delivery', 'action'));
alter table due add column workflow_id bigint;
alter table due add column run_id uuid;
alter table due add column list_id bigint;
alter table due alter column connect_id drop not null;
alter table due alter column connect_revision drop not null;
alter table due add check (kind = 'action' or connect_id is not null);
alter table deliveries add column workflow_id bigint;
alter table due add column action_type text;
create index due_actions on due (coalesce(lease_until, due_at)) where kind = 'action' and held_because is null;
create index due_workflow on due (account_id, workflow_id, id desc) where workflow_id is not null;

-- When somebody is to be called again. The dialler reads them.
create table callbacks (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  lead_id bigint not null,
  campaign_id bigint,
  agent_id bigint,
  callback_at timestamptz not null,
  comments text not null default '',
  status text not null default 'ACTIVE',
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
create index callbacks_lead on callbacks (account_id, lead_id);
create index callbacks_time on callbacks (account_id, callback_at);

-- Leads to be dialled next. The dialler reads them.
create table hopper_entries (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  lead_id bigint not null,
  priority integer not null default 99 check (priority between 0 and 99),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, lead_id)
);

-- Numbers that are not to be called: everywhere, or for one campaign.
create table dnc_numbers (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  phone_number text not null,
  phone_code text not null default '1',
  campaign_id bigint,
  purpose text not null default '',
  reason text not null default '',
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
create unique index dnc_numbers_number on dnc_numbers (account_id, phone_number, phone_code, coalesce(campaign_id, 0));

-- Money earned with a lead.
create table revenues (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  lead_id bigint not null,
  amount numeric(14, 2) not null,
  workflow_id bigint,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
create index revenues_lead on revenues (account_id, lead_id);

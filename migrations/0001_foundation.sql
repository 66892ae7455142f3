-- Accounts and all they own. Every table's key begins with the account; that is also the seam along which a very
-- large installation splits. Nothing a person saved is ever overwritten: revisions keep every version.

-- The installation itself, one row: which secret key seals what is in this database.
create table installation (
  only_row boolean primary key default true check (only_row),
  secret_key_fingerprint text,
  created_at timestamptz not null default now()
);
insert into installation default values;

-- A tenant: owns everything below.
create table accounts (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> ''),
  time_zone text not null default 'UTC',
  date_format text not null default 'Y-m-d H:i:s',
  -- keys of lead fields whose values are masked in logs for everybody
  fields_masked_in_logs text[] not null default '{}',
  -- numbers of custom fields are permanent and never used again
  last_field_number integer not null default 0,
  revision integer not null default 1,
  created_at timestamptz not null default now()
);

-- A person who signs in, to one account.
create table users (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  sign_in_user_id text not null unique,
  email text not null,
  name text not null,
  role text not null check (role in ('admin', 'operator', 'viewer')),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
create unique index users_email on users (lower(email));

-- A one-time link by which a person joins an account.
create table invitations (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  email text not null,
  role text not null check (role in ('admin', 'operator', 'viewer')),
  code_hash bytea not null unique,
  invited_by text not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);

-- A secret for machines; only its hash is kept.
create table api_tokens (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  name text not null check (name <> ''),
  secret_hash bytea not null unique,
  -- sections (`leads`) or single endpoints (`leads/insert`)
  access text[] not null,
  rate_per_second integer check (rate_per_second > 0),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (account_id, id)
);

-- What an operator groups lists by. `described` false: seen in an event, nobody has described it yet.
create table campaigns (
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

-- What a lead belongs to.
create table lists (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  code text,
  name text not null check (name <> ''),
  campaign_id bigint,
  described boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, campaign_id) references campaigns,
  unique (account_id, name),
  unique (account_id, code)
);

-- A disposition.
create table statuses (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  code text not null check (code <> ''),
  name text not null,
  reached boolean not null default false,
  final boolean not null default false,
  described boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, code)
);

-- A person who talks on the dialler; never signs in here. `number` is what `user_id` and `owner_id` of a lead name.
create table agents (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  number bigint check (number > 0),
  code text,
  name text not null,
  email text not null default '',
  user_id bigint,
  described boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, user_id) references users,
  unique (account_id, number),
  unique (account_id, code)
);

-- A custom field of leads. Rows and leads refer to it as field_<number>, whatever it is called today.
create table lead_fields (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  number integer not null check (number > 0),
  name text not null,
  label text not null,
  type text not null,
  options text[] not null default '{}',
  personal boolean not null default false,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, number)
);
create unique index lead_fields_name on lead_fields (account_id, name) where deleted_at is null;

-- A contact record. Columns are what the system itself works with; `fields` holds every other field by its key.
create table leads (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  list_id bigint not null,
  phone_number text not null,
  phone_code text not null default '1',
  status text not null default 'NEW',
  called_count integer not null default 0,
  called_count_inbound integer not null default 0,
  last_called timestamptz,
  last_viewed timestamptz,
  last_reached_at timestamptz,
  final_reached_at timestamptz,
  created_at timestamptz not null default now(),
  modified_at timestamptz not null default now(),
  fields jsonb not null default '{}',
  primary key (account_id, id),
  foreign key (account_id, list_id) references lists
);
create index leads_phone on leads (account_id, phone_number);
create index leads_list on leads (account_id, list_id, id);
create index leads_email on leads (account_id, lower(fields ->> 'email')) where fields ? 'email';

-- The translator between Patchbay's fields and a vendor's names. `settings` is what a person sees; `stored` has its
-- secret static values as places, whose values are sealed in `secrets`; `secret_origins` says of each by its name to
-- which origins (scheme, host, port) it may be sent: none yet, until a connect that uses the adaptor is saved.
create table adaptors (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  name text not null check (name <> ''),
  active boolean not null,
  settings jsonb not null,
  stored jsonb not null,
  secrets bytea,
  secret_origins jsonb not null default '{}',
  revision integer not null,
  saved_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (account_id, id)
);
create unique index adaptors_name on adaptors (account_id, name) where deleted_at is null;

-- One vendor API. `settings` is what a person sees; `texts` are its parts with secrets as places, sealed in `secrets`
-- and sent to `origin` (scheme, host, port) only.
create table connects (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  name text not null check (name <> ''),
  active boolean not null,
  adaptor_id bigint,
  settings jsonb not null,
  texts jsonb not null,
  secrets bytea,
  origin text not null,
  -- what was understood but deserves a look: a dropped header, a bare token
  warnings jsonb not null default '[]',
  revision integer not null,
  saved_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, adaptor_id) references adaptors
);
create unique index connects_name on connects (account_id, name) where deleted_at is null;
create index connects_adaptor on connects (account_id, adaptor_id);

-- A saved version of something, as it was (secrets sealed as they were).
create table revisions (
  account_id bigint not null references accounts,
  kind text not null,
  target_id bigint not null,
  number integer not null,
  data jsonb not null,
  secrets bytea,
  saved_by text not null,
  saved_at timestamptz not null default now(),
  primary key (account_id, kind, target_id, number)
);

-- Who did what to what, and when; before and after, secrets masked.
create table audit (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('user', 'token', 'command', 'system')),
  actor_name text not null,
  action text not null,
  target_kind text not null,
  target_id text not null,
  target_name text not null,
  before jsonb,
  after jsonb,
  primary key (account_id, id)
);

-- Something that happened to a lead or a call, with lead and call as they were. Never changed.
create table events (
  account_id bigint not null,
  id uuid not null,
  at timestamptz not null,
  type text not null,
  lead_id bigint,
  -- who caused it: {"kind": "token" | "user" | "command", "id": …, "name": …}
  source jsonb not null,
  snapshot jsonb not null,
  primary key (account_id, id)
) partition by range (id);
create index events_lead on events (account_id, lead_id, id desc);

-- Everything owed: one row a delivery, from planning to settling, then deleted. Small and unpartitioned, so that
-- claiming never scans history and retention never touches what is owed.
create table due (
  account_id bigint not null,
  id uuid not null,
  connect_id bigint not null,
  lead_id bigint,
  phone_number text not null,
  event_id uuid not null,
  event_type text not null,
  test boolean not null default false,
  connect_revision integer not null,
  -- whose secret static values the payload's places stand for
  adaptor_id bigint,
  adaptor_revision integer,
  workflow_revision integer,
  due_at timestamptz not null,
  give_up_at timestamptz not null,
  held_because text,
  -- while a worker has it: until when, and the number that makes a late worker's write change nothing
  lease_until timestamptz,
  fence bigint not null default 0,
  attempts integer not null default 0,
  -- of them, those that ended in a wait the vendor named: they don't move the schedule on
  attempts_unused integer not null default 0,
  -- an answer was lost after something had been sent: the vendor may have received it more than once
  maybe_sent_twice boolean not null default false,
  last_result text,
  last_http_status integer,
  last_diagnosis jsonb,
  last_duration_ms real,
  payload jsonb not null,
  primary key (account_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
-- what a claim walks along: each connect's oldest first, so that no connect's backlog is scanned for another's sake
create index due_claim on due (account_id, connect_id, coalesce(lease_until, due_at)) where held_because is null;
create index due_connect on due (account_id, connect_id, id desc);
create index due_lead on due (account_id, lead_id, id desc);

-- A settled delivery: the log. A row is either here or in `due`, never in both.
create table deliveries (
  account_id bigint not null,
  id uuid not null,
  connect_id bigint not null,
  lead_id bigint,
  phone_number text not null,
  event_id uuid not null,
  event_type text not null,
  test boolean not null,
  connect_revision integer not null,
  adaptor_id bigint,
  adaptor_revision integer,
  workflow_revision integer,
  outcome text not null check (outcome in ('accepted', 'rejected', 'duplicate', 'failed', 'discarded')),
  result text,
  http_status integer,
  diagnosis jsonb,
  duration_ms real,
  attempts integer not null,
  maybe_sent_twice boolean not null,
  give_up_at timestamptz not null,
  settled_at timestamptz not null default now(),
  payload jsonb not null,
  primary key (account_id, id)
) partition by range (id);
create index deliveries_connect on deliveries (account_id, connect_id, id desc);
create index deliveries_lead on deliveries (account_id, lead_id, id desc);
create index deliveries_phone on deliveries (account_id, phone_number, id desc);

-- One try of a delivery and the calls it made, secrets masked. Its id is later than its delivery's.
create table attempts (
  account_id bigint not null,
  id uuid not null,
  delivery_id uuid not null,
  number integer not null,
  started_at timestamptz not null,
  outcome text not null,
  result text,
  diagnosis jsonb,
  notes jsonb not null default '[]',
  calls jsonb not null,
  connect_revision integer not null,
  primary key (account_id, id)
) partition by range (id);
create index attempts_delivery on attempts (account_id, delivery_id, id);

-- The first answer to a request that carried an Idempotency-Key, kept 24 hours.
create table idempotency_keys (
  account_id bigint not null references accounts,
  token_id bigint not null,
  key text not null,
  answer jsonb not null,
  expires_at timestamptz not null,
  primary key (account_id, token_id, key)
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);

-- Sending deliveries again, many at a time, because a person wants it; and what has become of them.

-- One replay: which deliveries, how, and how far it has come. A worker moves them on batch by batch, each batch in a
-- transaction that holds this row locked: one process at a time, and none of it is done twice or forgotten.
create table replays (
  account_id bigint not null references accounts,
  id bigint generated always as identity,
  -- which: those that match a filter of the logs, or chosen ones
  filter jsonb,
  ids uuid[],
  -- all that matched at the start were this connect's; null: several connects'
  connect_id bigint,
  mode text not null check (mode in ('as_sent', 'mapped_anew')),
  -- how many a second; null: as fast as their connects take them
  per_second double precision check (per_second > 0),
  state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
  -- how many matched at the start; capped: at least so many, it was not counted further
  total integer not null,
  total_capped boolean not null,
  -- made due; left as they were, by reason; settled since, by outcome
  moved integer not null default 0,
  skipped jsonb not null default '{}',
  outcomes jsonb not null default '{}',
  -- what is owed (waiting or held) comes first, then what is settled; each by id, on from the last one looked at
  walks text not null default 'owed' check (walks in ('owed', 'settled')),
  cursor uuid,
  not_after uuid not null,
  next_at timestamptz not null default now(),
  -- what keeps it, when something does
  note text not null default '',
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (account_id, id),
  check ((filter is null) <> (ids is null)),
  check ((state = 'running') = (ended_at is null))
);
create index replays_next on replays (next_at) where state = 'running';
create index replays_age on replays (ended_at) where state <> 'running';

-- A delivery that a replay made due and whose outcome it has not counted yet; once counted, the row is gone.
create table replayed (
  account_id bigint not null,
  replay_id bigint not null,
  delivery_id uuid not null,
  moved_at timestamptz not null default now(),
  look_at timestamptz not null default now() + interval '1 s',
  primary key (account_id, replay_id, delivery_id),
  foreign key (account_id, replay_id) references replays on delete cascade
);
create index replayed_look on replayed (look_at);

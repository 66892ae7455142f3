-- How connects do, for their Health tab and for whoever watches: numbers that stay cheap to read whatever the logs hold.

-- How the attempts of one connect ended in one minute, and how long they took. Added up by every process in memory and
-- written every few seconds; tests don't count. A minute without attempts has no row.
create table connect_minutes (
  account_id bigint not null,
  connect_id bigint not null,
  minute timestamptz not null,
  accepted integer not null default 0,
  rejected integer not null default 0,
  duplicate integer not null default 0,
  failed integer not null default 0,
  again integer not null default 0,
  held integer not null default 0,
  -- attempts by how long they took: how many in each bucket of core/latency.ts
  latency integer[] not null,
  -- milliseconds of the calls' steps, and of how many calls that is: a kept connection has no DNS, connect and TLS
  dns_ms double precision not null default 0,
  dns_count integer not null default 0,
  connect_ms double precision not null default 0,
  connect_count integer not null default 0,
  tls_ms double precision not null default 0,
  tls_count integer not null default 0,
  first_byte_ms double precision not null default 0,
  first_byte_count integer not null default 0,
  total_ms double precision not null default 0,
  total_count integer not null default 0,
  -- attempts that failed, go again or are held, by their diagnosis: {"http_5xx": 3}
  reasons jsonb not null default '{}',
  primary key (account_id, connect_id, minute),
  foreign key (account_id, connect_id) references connects on delete cascade
) with (fillfactor = 70);
create index connect_minutes_age on connect_minutes (minute);

-- What waits outside due_claim, so that a connect's queue is measured without a walk through its backlog. Only rows that
-- are held, or behind another of their lane, pay for them.
create index due_held on due (account_id, connect_id, id) where held_because is not null and kind = 'delivery';
create index due_connect_behind on due (account_id, connect_id, id) where behind and held_because is null;

-- A row of sign_in_user is a person who can prove who they are; what they may do is said in users. The tables are those
-- of the sign-in library under names of our own (its `account` would collide with ours); a test compares them with
-- what the library wants.

create table sign_in_user (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique,
  email_verified boolean not null,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  two_factor_enabled boolean
);

-- The cookie's other half.
create table sign_in_session (
  id uuid primary key default gen_random_uuid(),
  expires_at timestamptz not null,
  token text not null unique,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  user_id uuid not null references sign_in_user on delete cascade
);
create index sign_in_session_user_id_idx on sign_in_session (user_id);

-- How a person proves it: the password's hash, where provider_id is 'credential'.
create table sign_in_credential (
  id uuid primary key default gen_random_uuid(),
  account_id text not null,
  provider_id text not null,
  user_id uuid not null references sign_in_user on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null
);
create index sign_in_credential_user_id_idx on sign_in_credential (user_id);

-- What a sign-in that is half done waits for.
create table sign_in_verification (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sign_in_verification_identifier_idx on sign_in_verification (identifier);

-- The optional second factor, its secret sealed by the library.
create table sign_in_second_factor (
  id uuid primary key default gen_random_uuid(),
  secret text not null,
  backup_codes text not null,
  user_id uuid not null references sign_in_user on delete cascade,
  verified boolean,
  failed_verification_count integer,
  locked_until timestamptz
);
create index sign_in_second_factor_secret_idx on sign_in_second_factor (secret);
create index sign_in_second_factor_user_id_idx on sign_in_second_factor (user_id);

-- How often somebody has tried of late, by address and path.
create table sign_in_limit (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,
  count integer not null,
  last_request bigint not null
);

alter table users
  alter column sign_in_user_id type uuid using sign_in_user_id::uuid,
  add foreign key (sign_in_user_id) references sign_in_user;

-- Signs the cookies of every process; sealed with the installation's secret key.
alter table installation add column sign_in_secret bytea;

-- What proves a person is of use once, and what was proven with an older password or second factor ends with it.

-- How often somebody has tried of late a password: to sign in as an address, whether there is such a user or not, or one's
-- own while signed in.
create table sign_in_tries (
  -- SHA-256 of the address in small letters, or of the id in sign_in_user: what was typed in the wrong place (a password) is
  -- not to be read here
  whose bytea primary key,
  tries integer not null,
  since timestamptz not null
);

-- goes up when the password or the second factor changes, and when the user is switched off: a sign-in that began before
-- is not finished
alter table sign_in_user add column proofs integer not null default 0;

-- the 30 seconds, counted from 1970, whose codes were taken; of late
alter table sign_in_second_factor add column used_steps bigint[] not null default '{}';

-- a second factor is asked for at each sign-in
delete from sign_in_verification where identifier like 'trust-device-%';

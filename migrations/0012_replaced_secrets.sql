-- A save that replaces a secret looks like no change at all: what is shown of a secret is a mask, before and after. So the
-- audit row and the revision say which secrets it replaced, by the setting that each stands in.
alter table audit add column replaced_secrets text[] not null default '{}';
alter table revisions add column replaced_secrets text[] not null default '{}';

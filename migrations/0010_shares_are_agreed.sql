-- A connect's concurrency is shared out among those that send, as often as they become more or fewer: each says among whom
-- its calls under way fit, and none takes up what grew of its share before all have said so (src/engine/membership.ts).
-- The number decides who gets the rest of a division; it is a new one each time a process is counted in.
alter table workers
  drop column fits,
  add column number integer not null generated always as identity,
  add column fits_among integer[] not null default '{}';

-- Each process that sends says among whom its calls under way fit into its shares, and one that comes begins when all
-- others have counted it in (src/engine/membership.ts). The number decides who gets the rest of a division; it is a new one
-- each time a process is counted in.
alter table workers
  drop column fits,
  add column number integer not null generated always as identity,
  add column fits_among integer[] not null default '{}';

-- Counts the changes of what every event reads of its account, so that a process that has read it knows by one number
-- whether that still holds (src/store/account-settings.ts). Counted in the transaction of the change itself.
alter table accounts add column settings_version bigint not null default 0;

create function count_settings_change() returns trigger language plpgsql as $$
begin
  update accounts set settings_version = settings_version + 1 where id in (select account_id from changed);
  return null;
end
$$;

do $$
declare
  settings text;
begin
  foreach settings in array
    array['campaigns', 'lists', 'statuses', 'agents', 'queues', 'inbound_numbers', 'email_templates', 'lead_fields']
  loop
    execute format('create trigger settings_added after insert on %I referencing new table as changed
      for each statement execute function count_settings_change()', settings);
    execute format('create trigger settings_changed after update on %I referencing new table as changed
      for each statement execute function count_settings_change()', settings);
    execute format('create trigger settings_removed after delete on %I referencing old table as changed
      for each statement execute function count_settings_change()', settings);
  end loop;
end
$$;

create function count_own_settings_change() returns trigger language plpgsql as $$
begin
  new.settings_version := old.settings_version + 1;
  return new;
end
$$;
create trigger settings_changed before update on accounts for each row
  when ((old.time_zone, old.date_format, old.fields_masked_in_logs)
    is distinct from (new.time_zone, new.date_format, new.fields_masked_in_logs))
  execute function count_own_settings_change();

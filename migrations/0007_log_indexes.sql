-- What the logs are asked for that is rare among millions: failures, tests, one vendor's answer. An index of what is rare
-- costs storing next to nothing; that of results holds every delivery, and costs storing its row about a fifth.

create index deliveries_outcome on deliveries (account_id, outcome, id desc) where outcome <> 'accepted';
create index deliveries_connect_outcome on deliveries (account_id, connect_id, outcome, id desc) where outcome <> 'accepted';
create index deliveries_diagnosis on deliveries (account_id, (diagnosis ->> 'code'), id desc) where diagnosis is not null;
create index deliveries_test on deliveries (account_id, id desc) where test;
-- the beginning, as a result may be longer than an entry of an index; by bytes, so that beginnings are ranges of it; of all,
-- as PostgreSQL takes no measure of how rare a value is from an index of some
create index deliveries_result on deliveries (account_id, (left(result, 64) collate "C"), id desc);

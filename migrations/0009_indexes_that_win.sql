-- While a table is small all its indexes cost the same, and a plan that is made then is kept when the table has grown; the
-- queue is small again and again. So the right index has to win by the letter: of those that cost the same the planner
-- takes the youngest. PostgreSQL 18 also skips over columns that are not asked for, and would find an id, or an account, by
-- any index that holds one. Hence the order in which these are made anew.

-- after the key the index of leads, which is of use for nothing else: a lead's id is one account's
drop index due_lead;
alter table due drop constraint due_pkey, add primary key (account_id, id);
create index due_lead on due (lead_id);

-- after the key the dialler's own, which only statements that name one can use
alter table call_logs drop constraint call_logs_pkey, add primary key (account_id, id);
drop index call_logs_key;
create unique index call_logs_key on call_logs (account_id, call_key) where call_key is not null;

/** What a delivery's row keeps when it moves between `due` and `deliveries`. */
export const carriedColumns = `account_id, id, connect_id, lead_id, phone_number, event_id, event_type, test,
  connect_revision, adaptor_id, adaptor_revision, workflow_id, workflow_revision, give_up_at, payload`;

/**
 * SQL that logs as discarded what was deleted from `due` by the CTE `gone`, as it stood after its last attempt.
 * `remark`: why it was, an SQL expression.
 */
export const logDiscarded = (gone: string, remark = "remark"): string => `
  insert into deliveries (${carriedColumns}, outcome, remark, result, http_status, diagnosis, duration_ms, attempts,
    maybe_sent_twice)
  select ${carriedColumns}, 'discarded', ${remark}, last_result, last_http_status, last_diagnosis, last_duration_ms,
    attempts, maybe_sent_twice
  from ${gone}`;

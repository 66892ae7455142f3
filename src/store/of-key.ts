/**
 * SQL: the row of `due` that a row of a batch names, found along the key row by row. Written so that no plan can begin with
 * `due`: of a table that was empty when it was last vacuumed the planner would rather read all, dead rows too, for each
 * batch. An equality, of these two columns with anything, could be merged along the index; a member of an
 * array can only be looked up.
 */
export const ofKey = (due: string, row: string): string =>
  `${due}.account_id = any (array[${row}.account_id]) and ${due}.id = any (array[${row}.id])`;

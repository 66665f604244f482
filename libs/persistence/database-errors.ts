/**
 * Whether PostgreSQL refused the values themselves (SQLSTATE class 22 data, 23 integrity, 54 limits): the same statement
 * would be refused again. Everything else may go well next time: lost connections, time limits, a server that restarts.
 */
export function isDataError(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^(22|23|54)[0-9A-Z]{3}$/.test(code);
}

/** Whether a statement failed for what it met in its row: its values, or somebody else who held it (SQLSTATE 40, 55). */
export function isOfOneRow(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return isDataError(error) || (typeof code === 'string' && /^(40|55)[0-9A-Z]{3}$/.test(code));
}

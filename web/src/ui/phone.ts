/** `2125550147` as `(212) 555-0147`; what isn't ten digits stays as it is. */
export function showPhone(digits: string): string {
  const parts = /^(\d{3})(\d{3})(\d{4})$/.exec(digits);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : digits;
}

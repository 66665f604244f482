let isDue = false;

/** A link was followed: the next page that shows takes the focus. The first page of a visit does not. */
export function askForFocus(): void {
  isDue = true;
}

export function takeFocusAfterNavigation(): boolean {
  const was = isDue;
  isDue = false;
  return was;
}

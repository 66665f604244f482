/**
 * Fewest insertions, deletions, replacements of a letter and swaps of two neighbours that make one word of another, none
 * of them touched twice: optimal string alignment, the restricted form of Damerau's distance (F. J. Damerau, "A technique
 * for computer detection and correction of spelling errors", Communications of the ACM 7(3), 1964).
 */
export function editDistance(one: string, other: string): number {
  const [a, b] = [Array.from(one), Array.from(other)];
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, second] of b.entries()) {
      const replaced = rows[i][j] + (letter === second ? 0 : 1);
      const swapped = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === second ? rows[i - 1][j - 1] + 1 : Infinity;
      row.push(Math.min(rows[i][j + 1] + 1, row[j] + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}

/** All words that a swap of two neighbouring letters makes of this one. */
export function swaps(word: string): string[] {
  const letters = Array.from(word);
  return letters
    .slice(1)
    .flatMap((letter, at) =>
      letter === letters[at] ? [] : [[...letters.slice(0, at), letter, letters[at], ...letters.slice(at + 2)].join('')],
    );
}

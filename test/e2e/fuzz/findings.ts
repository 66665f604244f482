/** What was found wrong, gathered by kind: a fault shows in hundreds of requests. */
export class Findings {
  private readonly kinds = new Map<string, { count: number; examples: string[] }>();

  add(kind: string, example: string): void {
    const known = this.kinds.get(kind) ?? { count: 0, examples: [] };
    known.count += 1;
    if (known.examples.length < 3) known.examples.push(example);
    this.kinds.set(kind, known);
  }

  /** Each kind once, with how often it came and the first three examples. */
  summary(): { kind: string; count: number; examples: string[] }[] {
    return [...this.kinds].map(([kind, known]) => ({ kind, ...known }));
  }
}

/** What has to be undone at the end, in reverse order. */
export class Cleanup {
  private readonly steps: { readonly what: string; readonly undo: () => Promise<unknown> }[] = [];

  /** Whether there is nothing to undo. */
  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  add(what: string, undo: () => Promise<unknown>): void {
    this.steps.push({ what, undo });
  }

  /** Undoes everything; a step that fails is reported and does not keep the others from running. */
  async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      const { what, undo } = step;
      await undo().catch((error: Error) => process.stderr.write(`${what}: ${error.message}\n`));
    }
  }
}

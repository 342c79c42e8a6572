const MOST_NAMED = 3;

/** What is to be told of data, said once for all files that it is true of. */
export class Notes {
  private readonly said = new Map<string, string[]>();

  /** For all data. */
  say(sentence: string): void {
    if (!this.said.has(sentence)) this.said.set(sentence, []);
  }

  /** True of a file. */
  count(what: string, file: string): void {
    const files = this.said.get(what) ?? [];
    files.push(file);
    this.said.set(what, files);
  }

  /** Files are counted and the first ones named. */
  list(): string[] {
    return [...this.said].map(([what, files]) => {
      if (files.length === 0) return what;
      const named = files.slice(0, MOST_NAMED).map(baseOf).join(', ');
      return `${named}${files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : ''}: ${what}`;
    });
  }
}

function baseOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

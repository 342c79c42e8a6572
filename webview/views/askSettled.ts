interface Question<T> {
  readonly answer: Promise<T>;
  readonly cancel: () => void;
}

/**
 * Asks once no other change has come for `settleMs`, as while dragging.
 * @param onAnswers told all of them together
 * @param onProblem told the first failure
 * @returns withdraws the questions: neither is told then
 */
export function askSettled<T>(
  settleMs: number,
  ask: () => readonly Question<T>[],
  onAnswers: (answers: readonly T[]) => void,
  onProblem: (error: unknown) => void,
): () => void {
  let over = false;
  let questions: readonly Question<T>[] = [];
  const timer = setTimeout(() => {
    questions = ask();
    Promise.all(questions.map(({ answer }) => answer)).then(
      (answers) => {
        if (!over) onAnswers(answers);
        over = true;
      },
      (error: unknown) => {
        if (!over) onProblem(error);
        over = true;
      },
    );
  }, settleMs);
  return () => {
    clearTimeout(timer);
    if (!over) for (const { cancel } of questions) cancel();
    over = true;
  };
}

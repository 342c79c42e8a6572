import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocument';

/** Inputs by which voice models choose between networks, and the rates that they know. */
const RATE_NAMES: ReadonlySet<string> = new Set(['sr', 'sample_rate', 'sampling_rate']);
const RATES = [8000, 16000];

interface Choice extends vscode.QuickPickItem {
  readonly value: number | null;
}

/**
 * Lets the user pick what an input is taken to be, and opens the model with it; false when cancelled.
 * @throws Error where the input decides nothing
 */
export async function chooseAssumed(document: ModelDocument, input: string): Promise<boolean> {
  const { session } = document;
  const now = session.assumed[input] ?? null;
  const value = await pickValue(input, now);
  if (value === null || value === now) return false;
  await session.assume({ ...session.assumed, [input]: value });
  return true;
}

async function pickValue(input: string, now: number | null): Promise<number | null> {
  const title = `${input} decides which of the file’s graphs runs`;
  if (!RATE_NAMES.has(input)) return askNumber(title, now);
  const values = [...new Set([...RATES, ...(now === null ? [] : [now])])].sort((a, b) => a - b);
  const choices: Choice[] = values.map((value) => ({ label: `${value}`, description: value === now ? 'now' : '', value }));
  const picked = await vscode.window.showQuickPick<Choice>([...choices, { label: 'Another number…', value: null }], {
    title,
    placeHolder: `The model is read again as it is for this ${input}`,
  });
  if (picked === undefined) return null;
  return picked.value ?? askNumber(title, now);
}

async function askNumber(title: string, now: number | null): Promise<number | null> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: 'A whole number',
    value: now === null ? '' : String(now),
    validateInput: (typed) => (isWhole(typed) ? undefined : 'A whole number is needed, such as 16000.'),
  });
  return text === undefined ? null : Number(text);
}

function isWhole(text: string): boolean {
  return /^-?\d+$/.test(text.trim()) && Number.isSafeInteger(Number(text));
}

import * as vscode from 'vscode';
import { fileBehind } from './cells/cellsUri';
import { readRecipe } from '../worker/core/recipe/readRecipe';
import type { ModelDocument } from './modelDocument';
import type { OpenedRecipe } from './protocol/fix';
import { savePlace } from './savePlace';
import { workspaceFiles } from './workspaceFiles';
import { writeFile } from './writeFile';

const FILTERS = { 'Recipe (.json)': ['json'] };

/** Lets the user pick a recipe; null when cancelled. @throws RecipeError saying what is wrong with it and where */
export async function openRecipe(document: ModelDocument): Promise<OpenedRecipe | null> {
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(fileBehind(document.uri), '..'),
    title: 'Recipe for quantizing',
    openLabel: 'Open Recipe',
    filters: FILTERS,
  });
  const uri = picked?.[0]?.toString();
  if (uri === undefined) return null;
  const name = workspaceFiles.name(uri);
  return { name, recipe: readRecipe(new TextDecoder().decode(await workspaceFiles.read(uri)), name) };
}

/** Asks for the place, writes the recipe of this step there; the path as people read it, or null when cancelled. */
export async function saveRecipe(document: ModelDocument): Promise<string | null> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(savePlace(document.uri), `${stemOf(document)}.recipe.json`),
    title: 'Save Recipe',
    filters: FILTERS,
  });
  if (target === undefined) return null;
  const text = `${JSON.stringify(document.session.fix.recipe, null, 2)}\n`;
  await writeFile(target, new TextEncoder().encode(text));
  return vscode.workspace.asRelativePath(target);
}

export function stemOf(document: ModelDocument): string {
  return workspaceFiles.name(document.uri.toString()).replace(/\.[^.]*$/, '');
}

import * as vscode from 'vscode';
import { VIEW_TYPE, type InspectorEditor } from '../inspectorEditor';

export const SAMPLES = [
  {
    label: 'digits-int8-miscalibrated',
    description: 'int8',
    detail: 'Calibrated with the wrong recordings: see where a model breaks.',
  },
  { label: 'digits-int8', description: 'int8', detail: 'The same recognizer, calibrated well.' },
  { label: 'digits-hybrid', description: 'int8 weights', detail: 'Weights in int8, everything else in float.' },
  { label: 'digits-float', description: 'float', detail: 'What all of them were made from.' },
];

/** GateScope: Open Sample Model…: a recognizer of spoken digits, with eight utterances beside it. */
export const openSample =
  (samples: vscode.Uri) =>
  async (_editor: InspectorEditor): Promise<void> => {
    const sample = await vscode.window.showQuickPick(SAMPLES, { title: 'Sample: spoken digits, two LSTMs', matchOnDetail: true });
    if (sample === undefined) return;
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.joinPath(samples, `${sample.label}.tflite`), VIEW_TYPE);
  };

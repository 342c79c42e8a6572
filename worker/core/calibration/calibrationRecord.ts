import type { ModelEdit } from '../model/modelEdit';
import type { Calibration } from './calibration';

/** Name of the file's metadata that says where its ranges come from. */
const CALIBRATION_METADATA = 'gatescope.calibration';

/**
 * The edit, with where its ranges come from in the file's metadata.
 * @param calibration null: the source file's own ranges
 */
export function withCalibrationRecord(edit: ModelEdit, calibration: Calibration | null): ModelEdit {
  const schema = 'gatescope.calibration-record/1';
  const record =
    calibration === null
      ? { schema, source: 'file' }
      : {
          schema,
          source: calibration.synthetic ? 'synthetic' : 'data',
          samples: calibration.samples,
          steps: calibration.steps,
          state: calibration.state,
        };
  return { ...edit, metadata: [...edit.metadata, { name: CALIBRATION_METADATA, text: JSON.stringify(record) }] };
}

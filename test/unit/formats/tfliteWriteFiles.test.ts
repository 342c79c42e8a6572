import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { MODEL } from '../../../worker/core/formats/tflite/schema';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import type { Model } from '../../../worker/core/model/model';
import { describeShared } from '../../shared';
import { identityEdit } from './identityEdit';
import { verifyFlat } from './verifyFlat';

const EXTENSIONS = /\.(tflite|bin)$/;
/** A schema version that was never in use. */
const UNREADABLE = 'transpose.bin';
/** Has a zip archive of labels behind its tables. */
const WITH_ARCHIVE = 'mobilenet_v1_0.25_224_quant.tflite';

const filesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => EXTENSIONS.test(name) && name !== UNREADABLE)
    .map((name) => join(folder, name));

/** Without the size of its file. */
function sizeless(model: Model): Model {
  return { ...model, byteLength: 0 };
}

describeShared('real files, written unchanged', (shared) => {
  const golden = join(shared, 'golden/lstm16');
  const topologies = readdirSync(golden, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = [
    ...['data/tflite', 'data/quantizer', 'data/keras3'].flatMap((folder) => filesIn(join(shared, folder))),
    ...topologies.filter((_, i) => i % 6 === 0).flatMap(({ name }) => filesIn(join(golden, name))),
  ];

  it('are many', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it.each(files.map((file) => [file.slice(shared.length + 1), file]))('%s reads as before', (_, file) => {
    const bytes = new Uint8Array(readFileSync(file));
    const model = readTflite(bytes, 'model');
    const written = writeTflite(identityEdit(model), bytes);
    const again = readTflite(written, 'model');
    expect(isDeepStrictEqual(sizeless(again), sizeless(model))).toBe(true);
    if (!file.endsWith(WITH_ARCHIVE)) verifyFlat(written, MODEL, 'TFL3');
    // What has been written once is written the same way again.
    expect(Buffer.compare(writeTflite(identityEdit(again), written), written)).toBe(0);
  });
});

describeShared('an archive of labels behind the tables', (shared) => {
  const source = new Uint8Array(readFileSync(join(shared, 'data/tflite', WITH_ARCHIVE)));
  const model = readTflite(source, WITH_ARCHIVE);

  /** The archive as a reader finds it that takes its offsets as they are: from the start of the file. */
  const archiveOf = (file: Uint8Array) => {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const directory = view.getUint32(file.length - 22 + 16, true);
    return { entry: view.getUint32(directory, true), local: view.getUint32(view.getUint32(directory + 42, true), true) };
  };

  it('is found where its offsets say, before and after', () => {
    const signatures = { entry: 0x02014b50, local: 0x04034b50 };
    expect(archiveOf(source)).toEqual(signatures);
    const written = writeTflite(identityEdit(model, { metadata: [{ name: 'more', text: 'x'.repeat(1000) }] }), source);
    expect(written.length).not.toBe(source.length);
    expect(archiveOf(written)).toEqual(signatures);
    expect(unzipSync(written)).toEqual(unzipSync(source));
    expect(Object.keys(unzipSync(written)).length).toBeGreaterThan(0);
  });
});

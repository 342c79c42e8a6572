import type { ModelOverview } from './overview';
import type { ModelIdentity } from './report';

/** Which file a report is about. @param sha256 of the file, in hexadecimal */
export function modelIdentity({ fileName, byteLength, format, scheme, assumed }: ModelOverview, sha256: string): ModelIdentity {
  return { fileName, byteLength, sha256, format, scheme, ...(assumed === undefined ? {} : { assumed }) };
}

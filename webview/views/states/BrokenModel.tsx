import type { ModelErrorInfo } from '../../../extension/protocol/messages';
import { byteCount, count } from '../../charts/format';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useInspector } from '../InspectorContext';
import { hexRows } from './hexRows';

/** A file that cannot be read: what is wrong, where, what would be right, the bytes, and a way on. */
export function BrokenModel({ fileName, error }: { readonly fileName: string; readonly error: ModelErrorInfo }) {
  const inspector = useInspector();
  const { byteOffset } = error;
  return (
    <main class="failure" data-testid="broken">
      <div class="failure-box" role="alert">
        <Icon name="error" size={32} />
        <div>
          <h1>This model cannot be read</h1>
          <p data-testid="broken-message">{error.message}</p>
          <dl class="facts">
            <dt>File</dt>
            <dd>
              {fileName}, <span class="figure">{byteCount(error.byteLength)}</span>
            </dd>
            {byteOffset === null ? null : (
              <>
                <dt>At byte</dt>
                <dd class="figure" data-testid="broken-offset">
                  {count(byteOffset)} <span class="dim">({hex(byteOffset)})</span>
                </dd>
              </>
            )}
            {error.limit === null ? null : (
              <>
                <dt>Limit</dt>
                <dd>{error.limit}</dd>
              </>
            )}
            <dt>Code</dt>
            <dd class="figure" data-testid="broken-code">
              {error.code}
            </dd>
          </dl>
          {error.bytes.length > 0 ? <Bytes error={error} /> : null}
          <div class="buttons">
            <Button primary testId="open-hex" onClick={() => void inspector.openAsHex()}>
              {byteOffset === null ? 'Open as hex' : `Open as hex at byte ${count(byteOffset)}`}
            </Button>
            <Button testId="reopen-with" onClick={() => void inspector.reopenWith()}>
              Reopen with…
            </Button>
            <Button testId="copy-details" onClick={() => void inspector.copy('Details', details(fileName, error))}>
              Copy details
            </Button>
          </div>
        </div>
      </div>
    </main>
  );
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;

function Bytes({ error }: { readonly error: ModelErrorInfo }) {
  return (
    <pre class="bytes" aria-label="Bytes there" tabIndex={0}>
      {hexRows(error).map((row) => (
        <div key={row.address}>
          <span class="dim">{row.address}</span>
          {'  '}
          {row.bytes.map(({ text, marked }, at) => (
            <span key={at} class={marked ? 'marked strong' : ''}>
              {at === 0 ? text : ` ${text}`}
            </span>
          ))}
        </div>
      ))}
    </pre>
  );
}

function details(fileName: string, error: ModelErrorInfo): string {
  return [
    error.message,
    `File: ${fileName}, ${error.byteLength} bytes`,
    ...(error.byteOffset === null ? [] : [`At byte: ${error.byteOffset} (${hex(error.byteOffset)})`]),
    ...(error.limit === null ? [] : [`Limit: ${error.limit}`]),
    `Code: ${error.code}`,
    ...hexRows(error).map((row) => `${row.address}  ${row.bytes.map(({ text }) => text).join(' ')}`),
  ].join('\n');
}

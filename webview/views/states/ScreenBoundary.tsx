import { Component, type ComponentChildren } from 'preact';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { InspectorContext } from '../InspectorContext';

interface Props {
  /** What is drawn: when it changes, drawing is tried again. */
  readonly of: unknown;
  readonly children: ComponentChildren;
}

/** Keeps a fault of one screen to that screen: header and tabs stay, and the fault can be told. */
export class ScreenBoundary extends Component<Props, { readonly fault: Error | null }> {
  override state = { fault: null };

  static override getDerivedStateFromError(fault: unknown): { readonly fault: Error } {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.of !== this.props.of && this.state.fault !== null) this.setState({ fault: null });
  }

  override render() {
    const { fault } = this.state;
    return fault === null ? this.props.children : <Fault fault={fault} />;
  }
}

function Fault({ fault }: { readonly fault: Error }) {
  return (
    <InspectorContext.Consumer>
      {(inspector) => (
        <div class="failure" data-testid="screen-fault" role="alert">
          <div class="failure-box">
            <Icon name="error" size={32} />
            <div>
              <h1>This screen cannot be drawn</h1>
              <p>{fault.message}</p>
              <p class="dim">The other screens and the model are unaffected. A new run may help.</p>
              <div class="buttons">
                <Button onClick={() => void inspector?.copy('Details', fault.stack ?? fault.message)}>Copy details</Button>
              </div>
            </div>
          </div>
        </div>
      )}
    </InspectorContext.Consumer>
  );
}

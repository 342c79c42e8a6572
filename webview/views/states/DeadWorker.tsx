import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { useInspector } from '../InspectorContext';

/** The worker stopped: what is known of why, and a new start. */
export function DeadWorker({ message }: { readonly message: string }) {
  const inspector = useInspector();
  return (
    <main class="failure" data-testid="dead">
      <div class="failure-box" role="alert">
        <Icon name="debug-disconnect" size={32} />
        <div>
          <h1>The worker stopped</h1>
          <p>{message}</p>
          <p class="dim">The file is unchanged. A restart opens it again with a new worker.</p>
          <div class="buttons">
            <Button primary icon="debug-restart" testId="restart" onClick={() => void inspector.restart()}>
              Restart
            </Button>
          </div>
        </div>
      </div>
    </main>
  );
}

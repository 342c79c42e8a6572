import { useEffect, useState } from 'preact/hooks';
import { useInspector } from '../InspectorContext';
import { droppedUris } from './droppedUris';

/** Takes data files that are dropped anywhere on the inspector, and says so while they are over it. */
export function DropLayer() {
  const inspector = useInspector();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!event.dataTransfer || event.dataTransfer.types.length === 0) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      // Only when the pointer leaves the page, not when it goes from one element to the next.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!event.dataTransfer) return;
      event.preventDefault();
      void inspector.addData(droppedUris((type) => event.dataTransfer?.getData(type) ?? ''));
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [inspector]);
  return over ? (
    <div class="drop-layer" data-testid="drop">
      <p>Drop data for the model’s input</p>
    </div>
  ) : null;
}

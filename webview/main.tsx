import { render } from 'preact';
import './charts/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/overlays.css';
import './styles/overview.css';
import './styles/layers.css';
import './styles/layer-table.css';
import './styles/layer-detail.css';
import './styles/value-grid.css';
import './styles/graph.css';
import './styles/lstm.css';
import './styles/steps.css';
import './styles/audio.css';
import './styles/task.css';
import './styles/targets.css';
import './styles/compare.css';
import './styles/fix.css';
import './styles/states.css';
import { Host, type WebviewApi } from './host';
import { Inspector } from './inspector';
import { Store } from './state';
import { App } from './views/App';

declare function acquireVsCodeApi(): WebviewApi;

const host = new Host(acquireVsCodeApi(), window);
const store = new Store(host.loadState(), (view) => {
  host.saveState(view);
});
const inspector = new Inspector(host, store);
const root = document.getElementById('root');
if (root) render(<App inspector={inspector} />, root);
void inspector.start();

import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/frame.css';
import './styles/machines.css';
import './styles/machine.css';
import './styles/forms.css';
import './styles/tables.css';
import './styles/pages.css';
import './styles/codes.css';
import './styles/links.css';
import './styles/protection.css';
import './styles/availability.css';

const root = document.getElementById('app');
if (!root) throw new Error('the page has no place for the console');
render(<App />, root);

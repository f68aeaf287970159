// SPDX-License-Identifier: LGPL-2.1-or-later
import {createApp} from 'vue';
import App from './App.vue';
import ViewerPage from './components/ViewerPage.vue';
import {watchedPath} from './logic/viewer';
import './styles/tokens.css';
import './styles/base.css';

const path = watchedPath(location.hash);
createApp(path ? ViewerPage : App, path ? {path} : undefined).mount('#app');
// Who opens another viewer's link in the same tab wants that one.
window.addEventListener('hashchange', () => location.reload());

// Before anything is drawn, so that nothing flashes; what else there is to it is in page/theme.rs.
try {
  document.documentElement.dataset.theme = localStorage.getItem('scatter-sounds-theme') ?? '';
} catch {
  // Where nothing may be kept the system chooses.
}

import start from './pkg/scatter_viewer.js';

start({ module_or_path: new URL('pkg/scatter_viewer_bg.wasm', import.meta.url) }).catch((error) => {
  const alert = document.getElementById('alert');
  document.getElementById('loading').hidden = true;
  alert.textContent = `The viewer could not start: ${error.message}. Try a browser of the last two years.`;
  alert.hidden = false;
});

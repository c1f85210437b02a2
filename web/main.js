import start from './pkg/scatter_viewer.js';

start({ module_or_path: new URL('pkg/scatter_viewer_bg.wasm', import.meta.url) }).catch((error) => {
  const alert = document.getElementById('alert');
  document.getElementById('loading').hidden = true;
  alert.textContent = `The viewer could not start: ${error.message}. Try a browser of the last two years.`;
  alert.hidden = false;
});

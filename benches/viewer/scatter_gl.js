// The original's renderer with the same points and the same sprite page.
window.show = async (name, sprites, columns) => {
  const { projections } = await (await fetch(`/data/${name}/projections.json`)).json();
  const dataset = new ScatterGL.Dataset(projections, projections.map((_, k) => ({ label: `clip ${k}` })));
  if (sprites) {
    const image = new Image();
    image.src = `/data/${name}/sprite.jpg`;
    await image.decode();
    const tiles = columns * Math.floor(image.height / 64);
    // It knows one page alone: the others, which look the same, are that one again.
    dataset.setSpriteMetadata({ spriteImage: image, singleSpriteSize: [96, 64], spriteIndices: projections.map((_, k) => k % tiles) });
  }
  window.hovers = 0;
  const plot = new ScatterGL(document.getElementById('plot'), {
    rotateOnStart: false, renderMode: sprites ? 'SPRITE' : 'POINT', onHover: () => { window.hovers += 1; },
  });
  plot.render(dataset);
  // What was set up is drawn only with the next frame of its orbit, or when asked for.
  plot.renderScatterPlot();
  window.orbit = (on) => (on ? plot.startOrbitAnimation() : plot.stopOrbitAnimation());
};

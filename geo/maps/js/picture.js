/* Picture: stills and films of the map, made in the page.

   Rutter.picture.png(app, asked)    a Blob; asked: {size: [width, height], ratio, bounds: [w, s, e, n] | null, parts}
   Rutter.picture.svg(app, asked)    {blob, embedded}: embedded when points were too many to be written one by one
   Rutter.picture.film(app, asked, {kind, from, to, step, trailing, speed, told, stopped})
                                     a Blob of kind "gif" or "mp4"; told(done, all), stopped() -> true to give up: null
   Rutter.picture.frames(app, film)  the windows it shows, [[t0, t1] ...]
   Rutter.picture.mp4()              what this browser can record, or null                                            */
(function (Rutter) {
  "use strict";

  const { calendar } = Rutter;
  const MOST_FRAMES = 3000;
  const MOST_PIXELS = 8192; // a side; some browsers draw nothing on larger ones
  const STEPS_PER_SECOND = 6; // as the player has it
  const LAST_MS = 2000; // the last frame stays a while before the film begins again
  const SAMPLES = 9;
  const COLORS = 255;
  const MP4 = ["video/mp4;codecs=avc1.640028", "video/mp4;codecs=avc1.42E01F", "video/mp4;codecs=av01.0.05M.08", "video/mp4"];

  const breathe = () => new Promise((go) => setTimeout(go));
  const later = (ms) => new Promise((go) => setTimeout(go, ms));
  const fail = (message) => { throw new RangeError(message); };

  function check({ size, ratio }) {
    const sides = size.map((side) => side * ratio);
    if (!sides.every((side) => side >= 64 && side <= MOST_PIXELS)) {
      fail(`A picture of ${sides.map(Math.round).join(" × ")} pixels cannot be drawn. Give sides of 64 to ${MOST_PIXELS}.`);
    }
  }

  /* Sets up a stage, draws, and takes it down. */
  async function staged(app, asked, run) {
    check(asked);
    const stage = new Rutter.Stage(app);
    try {
      await stage.ready();
      stage.arrange(asked);
      return await run(stage);
    } finally {
      stage.remove();
    }
  }

  const toBlob = (sheet, type) => new Promise((give) => sheet.toBlob(give, type));

  const png = (app, asked) => staged(app, asked, (stage) =>
    toBlob(stage.draw(document.createElement("canvas"), stage.drawGround()), "image/png"));

  const svg = (app, asked) => staged(app, asked, (stage) => {
    const { text, embedded } = stage.record();
    return { blob: new Blob([text], { type: "image/svg+xml" }), embedded };
  });

  /* From the first date to the last: a window that runs along, or with `trailing` null one that grows. As when it plays,
     stretches that hold nothing are passed over. */
  function frames(app, { from, to, step, trailing }) {
    const { add } = calendar;
    const list = [];
    const held = (window) => app.events.select(...window) + app.routes.select(...window) > 0;
    for (let edge = add(from, trailing || step, 1); ; edge = add(edge, step, 1)) {
      const end = Math.min(to, edge);
      const window = [trailing ? Math.max(from, add(end, trailing, -1)) : from, end];
      if (held(window) || (end === to && !list.length)) list.push(window);
      if (end === to) break;
      if (list.length > MOST_FRAMES) break;
    }
    app.events.select(...app.window);
    app.routes.select(...app.window);
    if (list.length > MOST_FRAMES) fail(`More than ${MOST_FRAMES} frames: choose a longer step, or dates nearer together.`);
    return list;
  }

  async function film(app, asked, { kind, speed = 1, told = () => {}, stopped = () => false, ...wanted }) {
    if (!app.dated) fail("Nothing here has a date: there is no film to be made.");
    const list = frames(app, wanted);
    const even = asked.size.map((side) => side - (Math.round(side * asked.ratio) % 2 ? 1 / asked.ratio : 0)); // as video has it
    const { window: before, selected } = app;
    app.player.pause();
    try {
      return await staged(app, kind === "mp4" ? { ...asked, size: even } : asked, (stage) => {
        const sheet = document.createElement("canvas");
        const ground = stage.drawGround();
        const show = (k) => {
          app.setWindow(...list[k]);
          return stage.draw(sheet, ground);
        };
        const frameMs = 1000 / (STEPS_PER_SECOND * speed);
        const job = { sheet, show, count: list.length, frameMs, told, stopped };
        return kind === "mp4" ? record(job) : animate(job);
      });
    } finally {
      app.setWindow(...before);
      if (selected) app.select(selected);
    }
  }

  const pixelsOf = (sheet) => sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height).data;

  /* One palette for all frames, so that what stands still does not flicker: from some of them, spread over the time. */
  function palette({ sheet, show, count }) {
    const samples = [...new Set(Array.from({ length: SAMPLES }, (_, n) => Math.round((n * (count - 1)) / (SAMPLES - 1))))];
    const list = samples.map((k) => new Uint32Array(pixelsOf(show(k)).slice().buffer));
    const every = Math.max(1, Math.round((list.length * list[0].length) / 1.5e6));
    const seen = new Uint32Array(list.reduce((sum, pixels) => sum + Math.ceil(pixels.length / every), 0));
    let n = 0;
    for (const pixels of list) for (let k = 0; k < pixels.length; k += every) seen[n++] = pixels[k];
    return Rutter.gifenc.quantize(new Uint8Array(seen.buffer), COLORS, { format: "rgb565" });
  }

  /* GIF: after the first frame only what changed is written. */
  async function animate(job) {
    const { GIFEncoder, applyPalette } = Rutter.gifenc;
    const { sheet, show, count, frameMs, told, stopped } = job;
    const colors = palette(job);
    const gif = GIFEncoder();
    const clear = colors.length;
    let before = null;
    for (let k = 0; k < count; k++) {
      const index = applyPalette(pixelsOf(show(k)), colors, "rgb565");
      const changed = before ? index.map((color, p) => (color === before[p] ? clear : color)) : index;
      gif.writeFrame(changed, sheet.width, sheet.height, {
        palette: k ? undefined : [...colors, [0, 0, 0]], delay: k === count - 1 ? Math.max(frameMs, LAST_MS) : frameMs,
        transparent: Boolean(before), transparentIndex: clear, dispose: 1, repeat: 0,
      });
      before = index;
      told(k + 1, count);
      await breathe();
      if (stopped()) return null;
    }
    gif.finish();
    return new Blob([gif.bytes()], { type: "image/gif" });
  }

  const mp4 = () => (window.MediaRecorder ? MP4.find((type) => MediaRecorder.isTypeSupported(type)) : null) || null;

  /* MP4: recorded while it plays, so it takes as long as it lasts. */
  async function record({ sheet, show, count, frameMs, told, stopped }) {
    const type = mp4() || fail("This browser records no MP4. Make a GIF.");
    show(0);
    const stream = sheet.captureStream(0);
    const [track] = stream.getVideoTracks();
    const bits = Math.max(2.5e6, sheet.width * sheet.height * 5);
    const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: bits });
    const chunks = [];
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    const over = new Promise((go, no) => {
      recorder.onstop = go;
      recorder.onerror = ({ error }) => no(error || new Error("The recorder stopped."));
    });
    recorder.start();
    const begun = performance.now();
    for (let k = 0; k < count && !stopped(); k++) {
      show(k);
      track.requestFrame();
      told(k + 1, count);
      await later(Math.max(0, begun + (k + 1) * frameMs - performance.now()));
    }
    if (!stopped()) {
      await later(LAST_MS);
      track.requestFrame();
      await later(frameMs);
    }
    recorder.stop();
    await over;
    track.stop();
    return stopped() ? null : new Blob(chunks, { type: "video/mp4" });
  }

  Rutter.picture = { film, frames, mp4, png, svg };
})((window.Rutter = window.Rutter || {}));

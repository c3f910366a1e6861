/* Deliver: makes the picture that the program which serves this page asked for, and hands it back. */
(async function (Rutter, job) {
  "use strict";

  const tell = (what, body) => fetch(what, { method: "POST", body });
  try {
    while (!(Rutter.instances && Rutter.instances[0])) await new Promise((go) => setTimeout(go, 20));
    const [app] = Rutter.instances;
    Rutter.setTheme(job.theme);
    let last = Promise.resolve();
    const told = (done, all) => (last = tell("told", `${done} ${all}`));
    const made = job.film
      ? await Rutter.picture.film(app, job.asked, { ...job.film, kind: job.kind, from: app.window[0], to: app.window[1], told })
      : await Rutter.picture[job.kind](app, job.asked);
    await last;
    await tell(made.embedded ? "embedded" : "done", made.blob || made);
  } catch (error) {
    await tell("trouble", error instanceof RangeError ? error.message : `${error.stack || error}`);
  }
})(window.Rutter, JOB);

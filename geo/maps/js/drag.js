/* Drag: the hand on the track. One finger or the mouse moves window, handles and the part of the axis that is shown; two
   fingers zoom it; on the strip of dates, or with Shift, a drag marks the part to zoom to. */
(function (Rutter) {
  "use strict";

  const { LENGTH, add, floor } = Rutter.calendar;
  const MAGNET_PX = 5;
  const LEAST_MS = 1;
  const LEAST_BRUSH_PX = 6;

  /* Whole days, and a round date of a larger unit when it is a few pixels away; finer than a day when zoomed in. */
  function snap(axis, t) {
    const near = (unit) => {
      const low = floor(t, unit);
      const high = add(low, unit, 1);
      return t - low < high - t ? low : high;
    };
    const scale = Math.abs(axis.toPx(t + LENGTH.day) - axis.toPx(t - LENGTH.day)) / 2;
    for (const unit of ["year", "quarter", "month"]) {
      const mark = near(unit);
      const other = add(mark, unit, 1);
      const roomy = Math.abs(axis.toPx(other) - axis.toPx(mark)) > 3 * MAGNET_PX;
      if (roomy && Math.abs(axis.toPx(mark) - axis.toPx(t)) < MAGNET_PX) return mark;
    }
    return near(scale < 60 ? "day" : scale < 1500 ? "hour" : scale < 90000 ? "minute" : "second");
  }

  class Drag {
    constructor(timeline) {
      Object.assign(this, { timeline, app: timeline.app, fingers: new Map(), held: null });
      const { track, body, handles, thumb, brush } = timeline;
      track.addEventListener("pointerdown", (e) => this.touch(e), true);
      for (const type of ["pointerup", "pointercancel"]) track.addEventListener(type, (e) => this.lift(e), true);
      track.addEventListener("pointermove", (e) => this.pinch(e), true);
      track.addEventListener("pointerdown", (e) => {
        const strip = e.clientY - track.getBoundingClientRect().top > track.clientHeight - timeline.strip;
        const grips = [[handles[0], "start"], [handles[1], "end"], [body, "body"]];
        const [, part] = grips.find(([node]) => node === e.target) || [null, "track"];
        this.grab(e, strip || (e.shiftKey && (part === "track" || part === "body")) ? "brush" : part);
      });
      thumb.addEventListener("pointerdown", (e) => this.grab(e, "thumb"));
      track.addEventListener("dblclick", () => timeline.fit());
      track.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
      this.brush = brush;
    }

    px(event) { return event.clientX - this.timeline.track.getBoundingClientRect().left; }

    wheel(event) {
      event.preventDefault();
      const { timeline } = this;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) timeline.axis.pan(-(event.deltaX || event.deltaY));
      else timeline.axis.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) / 240), this.px(event));
      timeline.draw();
    }

    /* A second finger ends what the first began, and the window goes back to where it was. */
    touch(event) {
      if (event.pointerType !== "touch") return;
      const { axis } = this.timeline;
      this.fingers.set(event.pointerId, { px: this.px(event), u: axis.shareAt(this.px(event)) });
      if (this.fingers.size < 2) return;
      event.stopPropagation();
      if (this.held) this.held.cancel();
      for (const finger of this.fingers.values()) finger.u = axis.shareAt(finger.px);
    }

    lift(event) { this.fingers.delete(event.pointerId); }

    /* What was under each finger stays under it. */
    pinch(event) {
      const finger = this.fingers.get(event.pointerId);
      if (!finger) return;
      finger.px = this.px(event);
      if (this.fingers.size !== 2) return;
      event.stopPropagation();
      const { timeline } = this;
      const { axis } = timeline;
      const [a, b] = [...this.fingers.values()].sort((p, q) => p.u - q.u);
      const size = Math.min(1, Math.max(axis.least(), ((b.u - a.u) / Math.max(10, b.px - a.px)) * axis.room));
      axis.show((a.u + b.u) / 2 - (((a.px + b.px) / 2 - axis.inset) / axis.room) * size, size);
      timeline.draw();
    }

    /* One drag, from pointerdown to pointerup; the map follows at once, the outside hears of it on release. */
    grab(event, part) {
      if (event.button) return;
      event.preventDefault();
      const { app, timeline } = this;
      const { axis, track } = timeline;
      const before = app.window;
      app.player.pause();
      const looks = part === "brush" || part === "thumb";
      const moment = app.mode === "moment";
      if (moment && !looks && part !== "track") part = "body";
      const from = this.px(event);
      const [w0, w1] = app.window;
      if (part === "track") {
        if (!app.isWhole()) app.setWindow(snap(axis, axis.fromPx(from) - (moment ? 0 : (w1 - w0) / 2)), null, w1 - w0);
        part = "body";
      }
      const [t0, t1] = app.window;
      if (!looks) (part === "end" ? timeline.handles[1] : part === "start" || moment ? timeline.handles[0] : timeline.body).focus({ preventScroll: true });
      const edge = { start: t0, end: t1 }[part];
      const slip = edge === undefined ? 0 : from - axis.toPx(edge);
      const node = event.target;
      let last = from;
      node.setPointerCapture(event.pointerId);
      timeline.root.classList.add("rutter-dragging");
      const move = (e) => {
        const px = this.px(e);
        const t = axis.fromPx(px - slip);
        const moved = t - axis.fromPx(from);
        if (part === "brush") this.mark(from, px);
        else if (part === "thumb") this.slide(px - last);
        else if (part === "start") app.setWindow(Math.min(snap(axis, t), app.window[1] - LEAST_MS), app.window[1]);
        else if (part === "end") app.setWindow(app.window[0], Math.max(snap(axis, t), app.window[0] + LEAST_MS));
        else if (app.mode === "cumulative") app.setWindow(t0, Math.max(t0 + LEAST_MS, snap(axis, t1 + moved)));
        else app.setWindow(snap(axis, t0 + moved), null, t1 - t0);
        last = px;
      };
      const end = () => {
        node.removeEventListener("pointermove", move);
        timeline.root.classList.remove("rutter-dragging");
        this.brush.hidden = true;
        this.held = null;
      };
      const drop = () => {
        if (!this.held) return;
        end();
        if (part === "brush" && Math.abs(last - from) >= LEAST_BRUSH_PX) timeline.showBetween(from, last);
        else if (!looks) app.release();
      };
      this.held = { cancel: () => {
        end();
        app.setWindow(...before);
      } };
      node.addEventListener("pointermove", move);
      node.addEventListener("lostpointercapture", drop, { once: true });
      if (track.contains(node)) timeline.hint.hidden = true;
    }

    mark(from, to) {
      const { timeline } = this;
      const [x0, x1] = [Math.min(from, to), Math.max(from, to)].map((x) => Math.max(0, Math.min(timeline.axis.width, x)));
      this.brush.hidden = x1 - x0 < LEAST_BRUSH_PX;
      this.brush.style.left = `${x0}px`;
      this.brush.style.width = `${x1 - x0}px`;
      if (!this.brush.hidden) timeline.words.tip(timeline.axis.fromPx(x0), timeline.axis.fromPx(x1), (x0 + x1) / 2);
    }

    slide(px) {
      const { axis } = this.timeline;
      const [a, b] = axis.view;
      axis.show(a + px / axis.room, b - a);
      this.timeline.draw();
    }
  }

  Rutter.Drag = Drag;
})((window.Rutter = window.Rutter || {}));

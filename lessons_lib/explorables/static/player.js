// Play and Pause: a button that goes on step by step, and how fast.

import { button, choice, labelled } from "./controls.js";

/** How many times as long as at the normal speed a step takes. */
const SPEEDS = { slow: 3, normal: 1, fast: 0.25 };

/**
 * @typedef {{
 *   el: HTMLElement, pace: () => number, begin?: () => boolean | void, step: () => boolean,
 *   onChange: (running: boolean) => void, name?: string,
 * }} Rules `pace` says how many milliseconds a step takes at the normal speed; `begin` may say
 * false, and then nothing plays; `step` goes on by one and says whether there is more to come; `name`
 * is what the button is called while nothing plays.
 */

/** A button that plays, a choice of the speed, and a function that stops. @param {Rules} rules */
export function player({ el, pace, begin, step, onChange, name = "Play" }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let slowness = SPEEDS.normal;

  function next() {
    timer = setTimeout(() => (el.isConnected && step() ? next() : pause()), pace() * slowness);
  }
  function pause() {
    clearTimeout(timer);
    timer = undefined;
    play.textContent = name;
    onChange(false);
  }
  const play = button(name, () => {
    if (timer !== undefined) return pause();
    if (begin?.() === false) return;
    play.textContent = "Pause";
    onChange(true);
    next();
  });
  play.classList.add("lx-main");
  const speeds = /** @type {(keyof typeof SPEEDS)[]} */ (Object.keys(SPEEDS));
  const speed = choice(speeds, (name) => {
    slowness = SPEEDS[name];
    if (timer === undefined) return;
    clearTimeout(timer);
    next();
  });
  speed.value = "normal";
  return { play, speed: labelled("Speed", speed), pause };
}

// Each script that waits for the page gets a task of its own when the page is there, so that a slow
// computer paints and answers in between. Late_scripts.py puts this text before the scripts of the theme.

{
  const add = document.addEventListener;
  /** @type {(type: string, listener: EventListener, options?: AddEventListenerOptions) => void} */
  document.addEventListener = function (type, listener, options) {
    const isWaiting = type === "DOMContentLoaded" && typeof listener === "function";
    const then = isWaiting
      ? (/** @type {Event} */ event) => setTimeout(listener, 0, event)
      : listener;
    add.call(this, type, then, options);
  };
}

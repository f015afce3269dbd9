// A switch in the header of a page: an icon and a name, pressed or not; this browser remembers it.

/**
 * Add the switch, and set the page as the reader has left the switch.
 * @param {object} how
 * @param {string} how.key under which the browser remembers it
 * @param {string} how.icon the class of the icon
 * @param {string} how.name what it does while it is pressed
 * @param {(pressed: boolean) => void} how.apply sets the page
 */
export function addSwitch({ key, icon, name, apply }) {
  const place = document.querySelector(".header-article-items__start");
  if (!place) return;
  let pressed = isPressed(key);
  const button = document.createElement("button");
  const sign = document.createElement("span");
  const text = document.createElement("span");
  button.type = "button";
  button.className = "header-switch btn btn-sm";
  sign.className = `fa-solid ${icon}`;
  text.textContent = name;
  button.append(sign, text);
  function draw() {
    button.setAttribute("aria-pressed", String(pressed));
    apply(pressed);
  }
  button.addEventListener("click", () => {
    pressed = !pressed;
    draw();
    try {
      localStorage.setItem(key, pressed ? "shown" : "hidden");
    } catch {
      // The switch then works on this page alone.
    }
  });
  draw();
  place.append(button);
}

/** Whether the browser remembers the switch as pressed. @param {string} key */
function isPressed(key) {
  try {
    return localStorage.getItem(key) === "shown";
  } catch {
    return false; // the browser refuses
  }
}

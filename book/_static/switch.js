// A switch in the header of a page, with an icon and a name; this browser remembers how it stands.

/**
 * Add the switch, and set the page as it was left.
 * @param {object} how
 * @param {string} how.key under which the browser remembers it
 * @param {string} how.icon the class of the icon
 * @param {[string, string]} how.names what a press will do: where the switch is off, and where it is on
 * @param {(on: boolean) => void} how.apply sets the page
 */
export function addSwitch({ key, icon, names, apply }) {
  const place = document.querySelector(".header-article-items__start");
  if (!place) return;
  let on = isOn(key);
  const button = document.createElement("button");
  const sign = document.createElement("span");
  const name = document.createElement("span");
  button.type = "button";
  button.className = "header-switch btn btn-sm";
  sign.className = `fa-solid ${icon}`;
  button.append(sign, name);
  function draw() {
    name.textContent = names[Number(on)];
    apply(on);
  }
  button.addEventListener("click", () => {
    on = !on;
    draw();
    try {
      localStorage.setItem(key, on ? "shown" : "hidden");
    } catch {
      // The switch then works on this page alone.
    }
  });
  draw();
  place.append(button);
}

/** Whether the browser remembers the switch as on. @param {string} key */
function isOn(key) {
  try {
    return localStorage.getItem(key) === "shown";
  } catch {
    return false; // the browser refuses
  }
}

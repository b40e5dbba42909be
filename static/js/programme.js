// The programme of a visit: order, rows and totals at once. Without this the buttons do it on the server.
"use strict";

const form = document.querySelector("[data-programme]");
const rows = form.querySelector("[data-rows]");
const sum = form.querySelector("[data-sum]");
const status = form.querySelector("[data-status]");
const all = () => [...rows.querySelectorAll("[data-stop]")];
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const say = (key, ...values) => form.getAttribute(`data-say-${key}`).replace(/\{(\d)\}/g, (_all, nr) => values[nr]);
const clock = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
const number = (row, name) => Math.max(0, parseInt(field(row, name).value, 10) || 0);

function length(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours && say("hours", hours), (rest || !hours) && say("min", rest)].filter(Boolean).join(" ");
}

function startOf(row) {
  const found = /^(\d\d?)(?:[:.]?(\d\d))?$/.exec(field(row, "starts").value.trim());
  const right = found && found[1] < 24 && (found[2] || 0) < 60 && !field(row, "gone").checked;
  return right ? found[1] * 60 + Number(found[2] || 0) : null;
}

function isBlank(row) {
  const typed = ["id", "title", "place", "leads", "speaks", "aim"].some((name) => field(row, name).value.trim());
  return !typed && !field(row, "meets").selectedIndex && field(row, "press").value === "no";
}

// The rows that count, with their times.
function spans() {
  return all().flatMap((row) => {
    const start = startOf(row);
    return start === null ? [] : [{ row, start, minutes: number(row, "minutes"), travel: number(row, "travel") }];
  });
}

function piece(text, tone) {
  const made = document.createElement("span");
  made.textContent = `${text} `;
  if (tone) made.className = tone;
  return made;
}

let speaking;
function count(spoken = true) {
  all().forEach((row, nr) => {
    row.querySelectorAll("[data-nr]").forEach((place) => (place.textContent = nr + 1));
    row.querySelectorAll("[data-until], [data-note]").forEach((place) => (place.textContent = ""));
  });
  const found = spans().filter((one) => !isBlank(one.row)).sort((one, other) => one.start - other.start);
  if (!found.length) return sum.replaceChildren();
  let free = 0;
  found.forEach((one, nr) => {
    const before = found[nr - 1];
    const apart = before ? one.start - before.start - before.minutes - one.travel : 0;
    free += Math.max(0, apart);
    one.row.querySelector("[data-until]").textContent = say("until", clock(one.start + one.minutes));
    const note = one.row.querySelector("[data-note]");
    note.textContent = apart ? say(apart > 0 ? "gap" : "clash", length(Math.abs(apart))) : "";
    note.classList.toggle("text--late", apart < 0);
  });
  const starts = found[0].start;
  const ends = Math.max(...found.map((one) => one.start + one.minutes));
  const { from, to } = form.dataset;
  const said = [piece(say("sum", clock(starts), clock(ends), length(ends - starts)))];
  if (free) said.push(piece(say("free", length(free))));
  if (from && starts < from) said.push(piece(say("early", length(from - starts), clock(Number(from))), "text--soon"));
  if (to && ends > to) said.push(piece(say("over", length(ends - to), clock(Number(to))), "text--soon"));
  sum.replaceChildren(...said);
  clearTimeout(speaking);
  if (spoken) speaking = setTimeout(() => (status.textContent = sum.textContent), 1500);
}

// Put a row before another (or last) and let each begin when the one before it is done.
function move(row, before, focus) {
  const first = Math.min(...spans().map((one) => one.start));
  rows.insertBefore(row, before);
  let at = first;
  spans().forEach((one, nr) => {
    if (nr) at += one.travel;
    field(one.row, "starts").value = clock(Math.min(at, 1439));
    at += one.minutes;
  });
  count(false);
  const place = all().indexOf(row) + 1;
  status.textContent = say("moved", field(row, "title").value || say("nameless", place), place, all().length);
  if (focus) focus.focus();
}

function add(after) {
  const nr = 1 + Math.max(-1, ...all().map((row) => Number(row.querySelector("[name=row]").value.slice(1))));
  const row = form.querySelector("[data-blank]").content.firstElementChild.cloneNode(true);
  row.querySelectorAll("*").forEach((part) => {
    for (const { name, value } of [...part.attributes]) {
      if (value.includes("__n__")) part.setAttribute(name, value.replaceAll("__n__", nr));
    }
  });
  const end = Math.max(-1, ...spans().map((one) => one.start + one.minutes));
  if (end >= 0) field(row, "starts").value = clock(Math.min(end, 1439));
  rows.append(row);
  takeHold(row);
  count();
  field(row, "title").focus();
}

// The number of a row is its handle for the mouse; the buttons do the same for everybody.
function takeHold(row) {
  const handle = row.querySelector(".stop__nr");
  handle.draggable = true;
  handle.classList.add("stop__handle");
  handle.addEventListener("dragstart", (event) => {
    held = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(row, 0, 0);
  });
}

let held = null;
rows.addEventListener("dragover", (event) => {
  if (!held) return;
  event.preventDefault();
  const over = event.target.closest("[data-stop]");
  all().forEach((row) => row.classList.toggle("is-over", row === over && row !== held));
});
rows.addEventListener("drop", (event) => {
  const over = event.target.closest("[data-stop]");
  if (!held || !over || over === held) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  move(held, event.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
});
rows.addEventListener("dragend", () => {
  held = null;
  all().forEach((row) => row.classList.remove("is-over"));
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  const [what] = button.value.split(":");
  const row = button.closest("[data-stop]");
  if (what === "add" && all().length < 24) add();
  else if (what === "up") move(row, row.previousElementSibling || row, button);
  else if (what === "down") move(row, row.nextElementSibling ? row.nextElementSibling.nextElementSibling : null, button);
  else return;
  event.preventDefault();
});
form.addEventListener("input", () => count());

form.querySelector("[data-count]").remove();
all().forEach(takeHold);
count(false);

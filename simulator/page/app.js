// Several phones side by side, live through one stream of events.
import { get, post } from "./api.js";
import { Phone } from "./phone.js";
import { language, switchLanguage, t } from "./strings.js";

const SHOWN_AT_FIRST = 4;
const phones = new Map();
const query = new URLSearchParams(location.search);
const main = document.querySelector(".phones");
const viewer = document.querySelector(".viewer");
const add = document.querySelector(".add");
let drift = 0;

function words() {
  document.documentElement.lang = language;
  document.title = t("title");
  document.querySelectorAll("[data-t]").forEach((node) => (node.textContent = t(node.dataset.t)));
  document.querySelector(".language").textContent = t("other");
  phones.forEach((phone) => phone.words());
}

function view(url) {
  viewer.querySelector("img").src = url;
  viewer.hidden = false;
}
viewer.onclick = () => (viewer.hidden = true);
document.addEventListener("keydown", (event) => event.key === "Escape" && (viewer.hidden = true));

async function show(person) {
  if (phones.has(person.id)) return;
  const phone = new Phone(person, { hide, view });
  phones.set(person.id, phone);
  main.append(phone.node);
  main.querySelector(".nobody")?.remove();
  await phone.begin(query.get("chat"));
  await choices();
}

async function hide(phone) {
  phones.delete(phone.person.id);
  phone.node.remove();
  await choices();
}

async function choices() {
  const people = await get("/sim/people");
  const rest = people.filter((person) => !phones.has(person.id));
  add.replaceChildren(
    new Option(t("add"), ""), ...rest.map((person) => new Option(person.first_name, person.id)),
    new Option(t("newPerson"), "new"),
  );
  return people;
}

add.onchange = async () => {
  const chosen = add.value;
  if (chosen === "new") {
    const name = prompt(t("name"));
    if (name) await show(await post("/sim/people", { first_name: name, language_code: language === "zh" ? "zh-hans" : "en" }));
  } else if (chosen) {
    const people = await get("/sim/people");
    await show(people.find((person) => String(person.id) === chosen));
  }
  add.value = "";
};

document.querySelector(".language").onclick = async () => {
  switchLanguage();
  words();
  await choices();
  for (const phone of phones.values()) await phone.open(phone.chat);
};

document.querySelectorAll("[data-advance]").forEach((button) => {
  button.onclick = async () => {
    await post("/sim/clock", { advance: Number(button.dataset.advance) });
    await readClock();
  };
});

async function readClock() {
  drift = (await get("/sim/clock")).unix * 1000 - Date.now();
  tick();
}

function tick() {
  const now = new Date(Date.now() + drift);
  const words = now.toLocaleTimeString(language === "zh" ? "zh-CN" : "en-GB");
  document.querySelector(".clock").textContent = words;
}

async function listen() {
  const { seq } = await get("/sim/wait?after=-1&timeout=0");
  const stream = new EventSource(`/sim/events?after=${seq}`);
  stream.onmessage = async ({ data }) => {
    const event = JSON.parse(data);
    for (const person of event.people) {
      const phone = phones.get(person);
      if (!phone) continue;
      if (event.type === "chat") await phone.listChats();
      if (String(event.chat) === String(phone.chat)) phone.refresh();
      else if (event.type === "message") await phone.news(event.chat);
    }
  };
}

async function begin() {
  words();
  const people = await choices();
  const wanted = query.get("people")?.split(",").map(Number);
  const first = wanted ? people.filter((p) => wanted.includes(p.id)) : people.slice(0, SHOWN_AT_FIRST);
  if (wanted) first.sort((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id));
  if (!first.length) {
    const nobody = document.createElement("p");
    nobody.className = "nobody";
    nobody.textContent = t("nobody");
    main.append(nobody);
  }
  await listen();
  for (const person of first) await show(person);
  await readClock();
  setInterval(tick, 1000);
}

begin();

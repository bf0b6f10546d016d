// Draws one message. Text comes as safe HTML from the simulator; everything else is set as text.
import { t, language } from "./strings.js";

export function element(tag, cls, text) {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
}

const time = (unix) =>
  new Date(unix * 1000).toLocaleTimeString(language === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });

export function day(unix) {
  return new Date(unix * 1000).toLocaleDateString(language === "zh" ? "zh-CN" : "en-GB", {
    weekday: "short", day: "numeric", month: "long",
  });
}

const COLOURS = ["#c2410c", "#0f766e", "#6d28d9", "#b91c1c", "#1d4ed8", "#a16207", "#be185d"];
export const colour = (id) => COLOURS[Math.abs(id) % COLOURS.length];

export function draw(message, isGroup, on) {
  const row = element("article", `row ${message.out ? "out" : "in"}`);
  row.dataset.messageId = message.message_id;
  row.dataset.testid = "message";
  if (message.new_chat_members) {
    row.className = "row service";
    row.append(element("span", "", `${message.new_chat_members.map((m) => m.first_name).join(", ")} ${t("joined")}`));
    return row;
  }
  const bubble = element("div", "bubble");
  row.append(bubble);
  if (isGroup && !message.out) {
    const name = element("b", "sender", message.from.first_name);
    name.style.color = colour(message.from.id);
    bubble.append(name);
  }
  content(bubble, message, on);
  const foot = element("small", "time", `${message.version > 1 ? t("edited") + " " : ""}${time(message.date)}`);
  if (message.out) foot.append(element("i", "ticks", " ✓✓"));
  bubble.append(foot);
  keyboard(row, message, on);
  return row;
}

function content(bubble, message, on) {
  if (message.photo) {
    const picture = element("img", "photo");
    picture.src = message.file_url;
    picture.alt = message.caption ?? "";
    const size = message.photo.at(-1);
    picture.style.aspectRatio = `${size.width} / ${size.height}`;
    picture.onclick = () => on.view(message.file_url);
    bubble.classList.add("with-photo");
    bubble.append(picture);
  }
  if (message.document) {
    const link = element("a", "document");
    link.href = message.file_url;
    link.download = message.document.file_name;
    const words = element("span");
    words.append(element("b", "", message.document.file_name), element("small", "", size(message.document.file_size)));
    link.append(element("span", "icon", "📄"), words);
    bubble.append(link);
  }
  for (const kind of ["sticker", "voice", "location", "contact"]) {
    if (message[kind]) bubble.append(element("div", "other", message[kind].emoji ?? `[${t(kind)}]`));
  }
  if (message.html) {
    const text = element("div", "text");
    text.innerHTML = message.html;
    text.querySelectorAll(".command").forEach((a) => (a.onclick = () => on.say(a.dataset.command)));
    text.querySelectorAll(".link").forEach((a) => (a.onclick = () => on.link(a.dataset.url)));
    bubble.append(text);
  }
}

const size = (bytes) => (bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`);

function keyboard(row, message, on) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return;
  const board = element("div", "inline");
  for (const buttons of rows) {
    const line = element("div", "line");
    for (const button of buttons) {
      const key = element("button", "key", button.text);
      key.dataset.testid = "inline-button";
      if (button.url) key.append(element("i", "arrow", "↗"));
      key.onclick = () => on.press(message, button, key);
      line.append(key);
    }
    board.append(line);
  }
  row.append(board);
}

// One person's phone: a chat, live.
import { base64, get, post } from "./api.js";
import { colour, day, draw, element } from "./message.js";
import { t } from "./strings.js";

export class Phone {
  constructor(person, hooks) {
    this.person = person;
    this.hooks = hooks;
    this.node = document.querySelector("#phone").content.firstElementChild.cloneNode(true);
    this.node.dataset.person = person.id;
    this.seen = 0;
    this.chat = null;
    this.unread = new Set();
    this.find = (selector) => this.node.querySelector(selector);
    this.wire();
  }

  wire() {
    const form = this.find(".composer");
    const text = this.find("textarea");
    form.onsubmit = (event) => {
      event.preventDefault();
      this.say(text.value);
      text.value = "";
      text.style.height = "";
    };
    text.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    };
    text.oninput = () => {
      text.style.height = "";
      text.style.height = `${Math.min(120, text.scrollHeight)}px`;
    };
    text.onpaste = (event) => event.clipboardData.files.length && this.attach(event.clipboardData.files[0]);
    this.find(".attach input").onchange = (event) => {
      this.attach(event.target.files[0]);
      event.target.value = "";
    };
    this.node.ondragover = (event) => event.preventDefault();
    this.node.ondrop = (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) this.attach(event.dataTransfer.files[0]);
    };
    this.find(".menu").onclick = () => (this.find(".commands").hidden = !this.find(".commands").hidden);
    this.find(".start").onclick = () => this.say("/start");
    this.find(".hide").onclick = () => this.hooks.hide(this);
    this.find(".block").onclick = () => this.toggleBlock();
    this.find(".chats").onchange = (event) => this.open(event.target.value);
    this.find(".alert button").onclick = () => (this.find(".alert").hidden = true);
    this.node.onkeydown = (event) => {
      if (event.key === "Escape") this.find(".alert").hidden = this.find(".commands").hidden = true;
    };
  }

  words() {
    this.find("textarea").placeholder = t("write");
    this.find(".start").textContent = t("start");
    this.find(".hide").title = t("hide");
    this.find(".name").textContent = this.person.first_name;
    const avatar = this.find(".avatar");
    avatar.textContent = [...this.person.first_name][0];
    avatar.style.background = colour(this.person.id);
  }

  async begin(wanted) {
    this.words();
    await this.listChats();
    const keys = this.known.map((chat) => String(chat.chat));
    const first = this.known.find((chat) => chat.type === "private") ?? this.known[0];
    await this.open(keys.includes(wanted) ? wanted : String(first.chat));
  }

  async listChats() {
    this.known = await get(`/sim/people/${this.person.id}/chats`);
    const select = this.find(".chats");
    const mark = (chat) => (this.unread.has(String(chat.chat)) ? "🔴 " : chat.type === "private" ? "" : "👥 ");
    select.replaceChildren(...this.known.map((chat) => new Option(`${mark(chat)}${chat.title}`, chat.chat)));
    select.classList.toggle("unread", this.unread.size > 0);
    select.hidden = this.known.length < 2;
    if (this.chat) select.value = this.chat;
  }

  async news(chat) {
    this.unread.add(String(chat));
    await this.listChats();
  }

  async open(chat) {
    this.chat = chat;
    if (this.unread.delete(String(chat))) await this.listChats();
    this.seen = 0;
    this.lastDay = null;
    this.find(".messages").replaceChildren();
    this.find(".chats").value = chat;
    await this.refresh();
  }

  get info() {
    return this.known.find((chat) => String(chat.chat) === String(this.chat));
  }

  async refresh() {
    if (this.chat === null || this.chat === undefined) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const query = `chat=${encodeURIComponent(this.chat)}&after=${this.seen}`;
      const state = await get(`/sim/people/${this.person.id}/messages?${query}`);
      this.update(state);
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      await this.refresh();
    }
  }

  update(state) {
    const first = this.seen === 0;
    const box = this.find(".messages");
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < 160;
    state.messages.forEach((message) => this.put(box, message, first));
    if (!first) state.toasts.forEach((toast) => this.toast(toast));
    const sub = this.find(".sub");
    sub.textContent = state.typing ? t("typing") : (this.info?.title ?? "");
    sub.hidden = this.known.length > 1 && !state.typing;
    this.empty(box);
    this.keyboard(state.reply_keyboard);
    this.menu(state.menu);
    this.find(".start").hidden = state.started;
    this.find("textarea").hidden = this.find(".attach").hidden = this.find(".send").hidden = !state.started;
    this.blocked = state.blocked;
    const block = this.find(".block");
    block.textContent = state.blocked ? "🚫" : "⋯";
    block.title = t(state.blocked ? "unblock" : "block");
    this.seen = state.seq;
    if (first || near) requestAnimationFrame(() => (box.scrollTop = box.scrollHeight));
  }

  put(box, message, first) {
    const old = box.querySelector(`[data-message-id="${message.message_id}"]`);
    if (message.deleted) {
      old?.remove();
      return;
    }
    const fresh = draw(message, this.info?.type !== "private", {
      say: (text) => this.say(text), link: (url) => this.link(url), view: this.hooks.view,
      press: (of, button, key) => this.press(of, button, key),
    });
    if (old) {
      fresh.classList.add("changed");
      old.replaceWith(fresh);
      return;
    }
    const at = day(message.date);
    if (at !== this.lastDay) {
      this.lastDay = at;
      box.append(element("div", "day", at));
    }
    if (!first) fresh.classList.add("fresh");
    box.append(fresh);
  }

  empty(box) {
    box.querySelector(".empty")?.remove();
    if (!box.querySelector(".row")) box.append(element("p", "empty", t("empty")));
  }

  keyboard(markup) {
    const rows = markup?.keyboard ?? [];
    this.find(".keyboard").replaceChildren(
      ...rows.map((row) => {
        const line = element("div", "line");
        for (const button of row) {
          const key = element("button", "key", button.text);
          key.onclick = () => this.send({ press: button.text });
          line.append(key);
        }
        return line;
      }),
    );
  }

  menu(commands) {
    this.find(".commands").replaceChildren(
      ...commands.map((command) => {
        const key = element("button", "command-row");
        key.append(element("span", "", command.description), element("code", "", `/${command.command}`));
        key.onclick = () => {
          this.find(".commands").hidden = true;
          this.say(`/${command.command}`);
        };
        return key;
      }),
    );
    this.find(".menu").hidden = !commands.length;
  }

  toast(toast) {
    if (!toast.text) return;
    if (toast.alert) {
      this.find(".alert p").textContent = toast.text;
      this.find(".alert").hidden = false;
      this.find(".alert button").focus();
      return;
    }
    const node = this.find(".toast");
    node.textContent = toast.text;
    node.classList.add("shown");
    clearTimeout(this.fading);
    this.fading = setTimeout(() => node.classList.remove("shown"), 3500);
  }

  async try(work) {
    try {
      return await work();
    } catch (error) {
      this.toast({ text: error.message, alert: false });
      return null;
    }
  }

  say(text) {
    if (!text.trim()) return null;
    return this.try(() => post(`/sim/people/${this.person.id}/send`, { chat: this.target, text }));
  }

  get target() {
    return /^-?\d+$/.test(this.chat) ? Number(this.chat) : this.chat;
  }

  send({ press }) {
    const body = { chat: this.target, button: press, keyboard: true };
    return this.try(() => post(`/sim/people/${this.person.id}/press`, body));
  }

  async press(message, button, key) {
    key.classList.add("pressed");
    setTimeout(() => key.classList.remove("pressed"), 4000);
    if (button.url) {
      await this.link(button.url);
      return;
    }
    const body = { chat: this.target, message_id: message.message_id, data: button.callback_data };
    await this.try(() => post(`/sim/people/${this.person.id}/press`, body));
  }

  async link(url) {
    if (!/t\.me\//.test(url)) {
      window.open(url, "_blank", "noopener");
      return;
    }
    await this.try(() => post(`/sim/people/${this.person.id}/open`, { link: url }));
    const bot = url.match(/t\.me\/(\w+)/)?.[1];
    if (bot && bot !== this.chat) {
      await this.listChats();
      await this.open(bot);
    }
  }

  async attach(file) {
    if (!file) return;
    const kind = /^image\/(jpeg|png)$/.test(file.type) ? "photo" : "document";
    const text = this.find("textarea");
    const body = { chat: this.target, caption: text.value, [kind]: { name: file.name, mime: file.type, base64: await base64(file) } };
    text.value = "";
    await this.try(() => post(`/sim/people/${this.person.id}/send`, body));
  }

  async toggleBlock() {
    if (this.info?.type !== "private") return;
    if (!this.blocked && !confirm(`${t("block")}?`)) return;
    const what = this.blocked ? "unblock" : "block";
    await this.try(() => post(`/sim/people/${this.person.id}/${what}`, { bot: this.chat }));
    await this.refresh();
  }
}

// The page's own words in both languages.
const WORDS = {
  zh: {
    title: "聊天模拟器", hint: "每一列是一个人的手机，彼此实时相连", minute: "分钟", minutes: "分钟", hour: "小时",
    add: "＋ 添一部手机", newPerson: "新朋友…", name: "名字？", write: "写消息…", start: "开始 START", block: "屏蔽机器人",
    unblock: "解除屏蔽", hide: "收起手机", deleted: "已删除", edited: "已编辑", empty: "还没有消息。写点什么，或点开始。",
    group: "群聊", nobody: "还没有人。用右上角添一部手机。", file: "文件", location: "位置", contact: "联系人",
    voice: "语音", sticker: "贴纸", joined: "加入了群聊", other: "English", typing: "正在输入…",
  },
  en: {
    title: "Chat simulator", hint: "Each column is one person's phone, all of them live", minute: "min", minutes: "min",
    hour: "h", add: "＋ Add a phone", newPerson: "Somebody new…", name: "Name?", write: "Message…", start: "START",
    block: "Block the bot", unblock: "Unblock", hide: "Put the phone away", deleted: "deleted", edited: "edited",
    empty: "No messages yet. Write something, or press Start.", group: "group",
    nobody: "Nobody here yet. Add a phone at the top right.", file: "file", location: "location", contact: "contact",
    voice: "voice message", sticker: "sticker", joined: "joined the group", other: "中文", typing: "typing…",
  },
};
const asked = new URLSearchParams(location.search).get("lang");
export let language = asked === "en" || asked === "zh" ? asked : navigator.language.startsWith("zh") ? "zh" : "en";
export const t = (key) => WORDS[language][key] ?? key;
export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
}

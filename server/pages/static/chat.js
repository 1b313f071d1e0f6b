"use strict";
// Streams from /v1/chat/completions; the conversation lives in this page alone.
const POLL_MS = 3000;
const byId = (id) => document.getElementById(id);
const talk = byId("talk"), welcome = byId("welcome"), prompt = byId("prompt");
const send = byId("send"), stop = byId("stop"), clear = byId("clear");

let messages = [];
let running = null;
let liveModel = null;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function follow(action) {
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  action();
  if (atEnd) talk.scrollTop = talk.scrollHeight;
}

function addTurn(role, text) {
  welcome.hidden = true;
  const turn = element("article", "turn " + role);
  const body = element("div", "text", text);
  const foot = element("div", "foot");
  turn.append(body, foot);
  follow(() => talk.append(turn));
  return { turn, body, foot };
}

function notice(text) {
  follow(() => talk.append(element("p", "notice", text)));
}

function setRunning(controller) {
  running = controller;
  stop.hidden = !controller;
  send.hidden = !!controller;
}

async function* chunks(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += value;
    const events = held.split("\n\n");
    held = events.pop();
    for (const event of events) {
      if (event.startsWith("data: ") && event !== "data: [DONE]") yield JSON.parse(event.slice(6));
    }
  }
}

function request(signal) {
  return fetch("/v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "best",
      messages,
      stream: true,
      stream_options: { include_usage: true },
      temperature: Number(byId("temperature").value),
      max_tokens: Number(byId("max-tokens").value),
    }),
    signal,
  });
}

async function refusal(answer) {
  const document_ = await answer.json().catch(() => null);
  return (document_ && document_.error) || { message: answer.statusText, code: null };
}

async function open(signal) {
  for (let shortened = false; ; shortened = true) {
    const answer = await request(signal);
    if (answer.ok) return answer;
    const error = await refusal(answer);
    // A small model's context fills up soon: let it forget the oldest exchange and go on.
    if (error.code !== "context_length_exceeded" || messages.length < 3) throw new Error(error.message);
    messages = messages.slice(2);
    if (!shortened) notice("The oldest messages no longer fit into the model's context and were left out.");
  }
}

async function answerLast() {
  const controller = new AbortController();
  setRunning(controller);
  let shown = null, text = "", model = "", finish = "", tokens = null;
  const started = performance.now();
  try {
    const answer = await open(controller.signal);
    shown = addTurn("assistant waiting", "");
    for await (const chunk of chunks(answer)) {
      if (chunk.error) throw new Error(chunk.error.message);
      model = chunk.model || model;
      if (chunk.usage) tokens = chunk.usage.completion_tokens;
      const choice = chunk.choices && chunk.choices[0];
      if (!choice) continue;
      finish = choice.finish_reason || finish;
      text += (choice.delta && choice.delta.content) || "";
      follow(() => { shown.body.textContent = text; });
    }
  } catch (error) {
    if (error.name === "AbortError") finish = "stopped";
    else notice(error.message);
  }
  setRunning(null);
  if (!shown) return;
  shown.turn.classList.remove("waiting");
  if (text) messages.push({ role: "assistant", content: text });
  const seconds = (performance.now() - started) / 1000;
  const speed = tokens ? `${tokens} tokens, ${(tokens / seconds).toFixed(0)}/s` : "";
  const end = { stopped: "stopped", length: "cut at the maximum length" }[finish] || "";
  shown.foot.textContent = [model, speed, end].filter(Boolean).join(" · ");
}

function submit(text) {
  if (running || !text.trim()) return;
  // After an answer that failed, the user's next words follow their last ones.
  if (messages.length && messages[messages.length - 1].role === "user") messages.pop();
  messages.push({ role: "user", content: text });
  addTurn("user", text);
  talk.scrollTop = talk.scrollHeight;
  prompt.value = "";
  fit();
  answerLast();
}

function reset() {
  if (running) running.abort();
  messages = [];
  for (const node of talk.querySelectorAll(".turn, .notice")) node.remove();
  welcome.hidden = false;
  prompt.focus();
}

function fit() {
  prompt.style.height = "auto";
  prompt.style.height = Math.min(prompt.scrollHeight, 200) + "px";
}

const WAITING = {
  loading: "the first model is loading…",
  restarting: "the model is restarting…",
  empty: "no model is deployed yet",
};

function showHealth(health) {
  const live = health && health.live;
  byId("lamp").classList.toggle("on", !!live);
  const size = live ? ` · ${(live.parameters / 1e6).toFixed(1)}M` : "";
  byId("model-name").textContent = live ? live.job_id + size : health ? WAITING[health.state] || health.state : "the server is not reachable";
  if (!live) return;
  if (liveModel && liveModel !== live.job_id) notice(`The lab has deployed a new model: ${live.job_id} answers from here on.`);
  liveModel = live.job_id;
}

async function poll() {
  try {
    const answer = await fetch("/health");
    showHealth(answer.ok ? await answer.json() : null);
  } catch {
    showHealth(null);
  }
  setTimeout(poll, POLL_MS);
}

byId("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(prompt.value); });
prompt.addEventListener("input", fit);
prompt.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(prompt.value); }
});
stop.addEventListener("click", () => running && running.abort());
clear.addEventListener("click", reset);
byId("hints").addEventListener("click", (event) => {
  if (event.target.classList.contains("hint")) submit(event.target.textContent);
});
poll();

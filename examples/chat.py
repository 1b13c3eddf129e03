"""The same client in Python:   python chat.py USERNAME PASSWORD [CONVERSATION_ID | @USERNAME]

Needs: pip install "python-socketio[client]" requests
Prints what is said in all conversations of the user; sends what is typed to the one that is named, else to the world room.
Kill it and start it again: it goes on after the last message it has shown.
"""

import json
import os
import queue
import sys
import threading
import time
import uuid
from datetime import datetime, timezone

import requests
import socketio

BASE = os.environ.get("PARLEY_URL", "http://localhost:8080")
SESSION_OVER = ("auth.token_invalid", "auth.token_expired", "auth.session_revoked", "auth.invalid_credentials")


class Refused(Exception):
    """The server said no, and will say so again. `code` is from its published list."""

    def __init__(self, answer):
        super().__init__(answer.get("message") or f"{answer['title']} {answer['detail']}")
        self.code = answer["code"]


class Chat:
    def __init__(self, username, password):
        self.credentials = {"username": username, "password": password}
        # What outlives the process: which device this is, its session, and how much of each conversation it has shown.
        self.file = f"chat-{username}.json"
        self.state = {"deviceId": str(uuid.uuid4()), "refreshToken": None, "heads": {}}
        if os.path.exists(self.file):
            with open(self.file) as file:
                self.state = json.load(file)
        self.access_token = None
        self.renew_at = 0
        self.names, self.titles = {}, {}
        self.target = None
        self.last_word = {}
        # python-socketio calls handlers on threads of their own: they only put work here, one thread does it.
        self.work = queue.Queue()
        self.client = socketio.Client(reconnection=False)  # `stay_connected` does it, so that every end is treated alike
        self.client.on("connect", lambda: self.work.put(None))
        self.client.on("conversation:events", self.work.put)
        self.client.on("session:closing", self.on_last_word)
        self.client.on("connect_error", self.on_last_word)

    def save(self):
        with open(f"{self.file}.new", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            json.dump(self.state, file)
        os.replace(f"{self.file}.new", self.file)  # the old one or the new one, never half of it

    # --- REST: the session, and the conversation to write to

    def call(self, method, path, body=None):
        """Asks until there is an answer."""
        headers = {"authorization": f"Bearer {self.access_token}"} if self.access_token else {}
        told = False
        while True:
            try:
                response = requests.request(method, f"{BASE}/api/v1{path}", json=body, headers=headers, timeout=10)
                answer = response.json() if response.content else None
                if response.ok:
                    return answer
                if not answer["retryable"]:
                    raise Refused(answer)
                reason, wait = answer["title"], answer.get("retryAfterMs", 1000) / 1000
            except (requests.ConnectionError, requests.Timeout) as error:
                reason, wait = error, 1
            if not told:
                print(f"waiting: {reason}", file=sys.stderr)
            told = True
            time.sleep(wait)

    def open_session(self):
        """Goes on with the stored session; logs in where there is none, or it has ended; registers who is not known yet."""
        self.access_token = None
        credentials = {**self.credentials, "device": {"deviceId": self.state["deviceId"], "name": "chat.py"}}
        ways = [("/auth/login", credentials), ("/auth/register", credentials)]
        if self.state["refreshToken"]:
            ways.insert(0, ("/auth/refresh", {"refreshToken": self.state["refreshToken"]}))
        for path, body in ways:
            try:
                return self.call("POST", path, body)
            except Refused as refused:
                if path == "/auth/register" or refused.code not in SESSION_OVER:
                    raise

    def renew(self):
        opened = self.open_session()
        self.access_token = opened["accessToken"]
        self.state["refreshToken"] = opened["refreshToken"]
        self.save()
        expires = datetime.fromisoformat(opened["accessTokenExpiresAt"].replace("Z", "+00:00"))
        self.renew_at = time.monotonic() + 0.8 * (expires - datetime.now(timezone.utc)).total_seconds()

    def find(self, name):
        if not name.startswith("@"):
            return self.call("POST", f"/conversations/{name}/join")["conversationId"]  # a member stays one
        users = self.call("GET", f"/users?q={requests.utils.quote(name[1:])}")["items"]
        for user in users:
            if user.get("username") == name[1:].lower():
                return self.call("PUT", f"/conversations/direct/{user['userId']}")["conversationId"]
        sys.exit(f"there is no {name}")

    def name_of(self, user_id):
        if user_id not in self.names:
            self.names[user_id] = self.call("GET", f"/users/{user_id}")["displayName"]
        return self.names[user_id]

    # --- The socket

    def ask(self, event, payload):
        """Asks until there is an answer. A repeat is safe: a send with the same clientMsgId answers what it answered first."""
        while True:
            wait = 0.5
            try:
                answer = self.client.call(event, payload, timeout=5)
                if answer["ok"]:
                    return answer["data"]
                if not answer["error"]["retryable"]:
                    raise Refused(answer["error"])
                wait = answer["error"].get("retryAfterMs", 500) / 1000
            except socketio.exceptions.SocketIOError:
                pass  # not connected, or no answer in time
            time.sleep(wait)

    def show(self, entry):
        """Shows what is new of one conversation; what was shown before comes again at times, and is dropped by its seq."""
        conversation_id, heads = entry["conversationId"], self.state["heads"]
        for event in entry["events"]:
            if event["seq"] <= heads.get(conversation_id, {}).get("seq", 0):
                continue
            if event["type"] == "message.created":
                text = event["data"].get("content", {}).get("text", f"({event['data']['type']})")
                title = self.titles.get(conversation_id, conversation_id)
                print(f"[{title}] {event['seq']} {self.name_of(event['actorId'])}: {text}", flush=True)
            heads[conversation_id] = {"seq": event["seq"], "epoch": entry["epoch"]}
        self.save()

    def catch_up(self):
        """Everything missed, in pages. Conversations under `resets` are not told event by event: the latest messages must do."""
        page = {"caughtUp": False}
        while not page["caughtUp"]:
            heads = [{"conversationId": key, **head} for key, head in self.state["heads"].items()]
            cursor = {"cursor": page["nextCursor"]} if "nextCursor" in page else {}
            page = self.ask("sync", {"heads": heads, **cursor})
            current = {one["conversationId"]: one for one in page["conversations"]}
            for key, one in current.items():
                self.titles[key] = one.get("peer", {}).get("displayName", one["title"])
            for entry in page["events"]:
                self.show(entry)
            for key in page["removed"]:
                self.state["heads"].pop(key, None)
            for key in page["resets"]:
                head, epoch = current[key]["headSeq"], current[key]["epoch"]
                items = self.call("GET", f"/conversations/{key}/messages?beforeSeq={head + 1}&limit=20")["items"]
                self.state["heads"].pop(key, None)
                events = [{"seq": m["seq"], "type": "message.created", "actorId": m["senderId"], "data": m} for m in reversed(items)]
                self.show({"conversationId": key, "epoch": epoch, "events": events})
                self.state["heads"][key] = {"seq": head, "epoch": epoch}
        self.save()

    def do_work(self):
        while True:
            try:
                push = self.work.get(timeout=1)
            except queue.Empty:
                if self.client.connected and time.monotonic() > self.renew_at:
                    self.renew()  # before the access token expires, so that the socket need not close
                    self.ask("token:refresh", {"token": self.access_token})
                continue
            known = self.state["heads"].get(push["conversationId"], {}).get("seq", 0) if push else 0
            if push is None:  # connected
                self.ask("conversation:subscribe", {"conversationId": self.target})  # very large ones go to those who look
            if push is None or push["events"][0]["seq"] > known + 1:  # away, or something in between is missing
                self.catch_up()
            if push is not None:
                self.show(push)

    def on_last_word(self, last):
        """Why the server closes, or refuses to connect. Text instead of an object: the network failed."""
        self.last_word = last if isinstance(last, dict) else {}

    def stay_connected(self):
        while True:
            self.last_word = {}
            try:
                self.client.connect(BASE, auth=lambda: {"token": self.access_token}, wait_timeout=10)
                self.client.wait()
            except socketio.exceptions.SocketIOError:
                pass
            last = self.last_word
            if last.get("code") == "auth.token_expired":
                self.renew()
            elif last.get("action", "reconnect") != "reconnect" or last.get("retryable") is False:
                give_up(f"closed: {last['code']} {last.get('message', '')}")
            time.sleep(last.get("reconnectAfterMs", last.get("retryAfterMs", 1000)) / 1000)


def give_up(reason):
    print(reason, file=sys.stderr, flush=True)
    os._exit(1)  # of all threads


def main(username, password, where="world"):
    chat = Chat(username, password)
    chat.renew()
    chat.target = chat.find(where)
    for loop in (chat.do_work, chat.stay_connected):
        threading.Thread(target=guarded, args=(loop,), daemon=True).start()
    # One after the other, so that they keep their order. A real application stores text and clientMsgId before it sends.
    for line in sys.stdin:
        if not line.strip():
            continue
        message = {"clientMsgId": str(uuid.uuid4()), "type": "text", "content": {"text": line.rstrip("\n")}}
        try:
            chat.ask("message:send", {"conversationId": chat.target, **message})
        except Refused as refused:
            print(f"not sent: {refused.code} ({refused})", flush=True)


def guarded(loop):
    try:
        loop()
    except Exception as error:
        give_up(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: python chat.py USERNAME PASSWORD [CONVERSATION_ID | @USERNAME]")
    try:
        main(*sys.argv[1:])
    except (Refused, KeyboardInterrupt) as end:
        sys.exit(str(end))

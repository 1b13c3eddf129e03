"""The same client in Python: python chat.py USERNAME PASSWORD [CONVERSATION_ID]     (needs: pip install "python-socketio[client]" requests)"""

import os
import sys
import uuid

import requests
import socketio

BASE = os.environ.get("PARLEY_URL", "http://localhost:8080")


def call(method, path, body=None, token=None):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    response = requests.request(method, f"{BASE}/api/v1{path}", json=body, headers=headers, timeout=10)
    answer = response.json() if response.content else None
    if not response.ok:
        raise RuntimeError(answer["code"])
    return answer


def main(username, password, conversation_id="world"):
    credentials = {"username": username, "password": password, "device": {"deviceId": f"example-py-{username}", "name": "chat.py"}}
    try:
        opened = call("POST", "/auth/login", credentials)
    except RuntimeError:
        opened = call("POST", "/auth/register", credentials)
    token = opened["accessToken"]
    try:
        call("POST", f"/conversations/{conversation_id}/join", token=token)
    except RuntimeError as error:
        if str(error) != "conversation.already_member":
            raise

    heads = {}
    client = socketio.Client()

    def take(entry):
        for event in entry["events"]:
            seen = heads.get(entry["conversationId"], {}).get("seq", 0)
            if event["seq"] <= seen:
                continue
            heads[entry["conversationId"]] = {"seq": event["seq"], "epoch": entry["epoch"]}
            if event["type"] == "message.created":
                content = event["data"].get("content") or {}
                print(event["seq"], event["actorId"], content.get("text", event["data"]["type"]), flush=True)

    def catch_up():
        known = [{"conversationId": key, **head} for key, head in heads.items()]
        page = {"nextCursor": None, "caughtUp": False}
        while not page["caughtUp"]:
            request = {"heads": known}
            if page["nextCursor"]:
                request["cursor"] = page["nextCursor"]
            page = client.call("sync", request)["data"]
            for entry in page["events"]:
                take(entry)

    client.on("connect", catch_up)
    client.on("conversation:events", take)
    client.connect(BASE, auth={"token": token})
    for line in sys.stdin:
        if line.strip():
            message = {"conversationId": conversation_id, "clientMsgId": str(uuid.uuid4()), "type": "text", "content": {"text": line.strip()}}
            answer = client.call("message:send", message)
            if not answer["ok"]:
                print("not sent:", answer["error"]["code"], flush=True)
    client.disconnect()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python chat.py USERNAME PASSWORD [CONVERSATION_ID]")
    main(*sys.argv[1:4])

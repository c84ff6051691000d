"""What clients hear while they are there: scenario 35."""
import json, time

from scenario import expect, expect_true, scenario
from stage import API
from websocket import Plain, SocketIO


@scenario(35, "sockets hear what is theirs once, and what they missed when they come back")
def sockets(stage):
    guest = SocketIO(stage.a)
    name, _ = guest.event()
    expect_true(name.startswith('40/realtime,{"sid"'), f"the connection of a guest: {name}")
    user, signed = stage.person()
    me, token = signed["user"]["id"], signed["accessToken"]
    mine = SocketIO(stage.b, token=token)
    expect_true(mine.event()[0].startswith('40/realtime,{"sid"'), "the connection of a user")
    other, _ = stage.person()
    foreign = f"user:{other.get(API + '/users/me').data['id']}"
    for client in (guest, mine):
        client.send("42/realtime,7" + json.dumps(["subscribe", foreign]))
        heard = [client.event(2) for _ in range(2)]
        expect_true(any(h and ("error" in str(h) or "exception" in str(h)) for h in heard), f"a foreign room: {heard}")
    plain = Plain(stage.b, token)
    expect_true(plain.hear("ready"), "/ws is not ready")
    plain.say(type="subscribe", room=f"user:{me}")

    helper, _ = stage.staff("support")
    ticket = user.post(API + "/tickets", {"title": f"Question {stage.unique()}", "description": "Where?"}).data
    tell = lambda text: helper.post(f"{API}/tickets/{ticket['id']}/comments", {"text": text})
    begun = time.monotonic()
    tell("First")
    event, late = None, []
    while time.monotonic() - begun < 3:
        heard = mine.event(0.5)
        if heard and heard[0] == "notification:new":
            late.append(time.monotonic() - begun)
    expect(len(late), 1, "times that the notice is heard")
    expect_true(late[0] < 1, f"the notice comes after {late[0]:.2f} s")
    expect_true(not [t for t in guest.messages(0.3) if "notification:new" in t], "the guest hears it")

    news = lambda socket: [m for m in iter(lambda: socket.hear("event", 1.5), None) if m["event"] == "notification:new"]
    before = news(plain)
    expect(len(before), 1, "events at /ws")
    seq = before[-1]["seq"]
    plain.s.close()
    for text in ("Second", "Third", "Fourth"):
        tell(text)
    again = Plain(stage.a, token)
    again.hear("ready")
    again.say(type="resume", room=f"user:{me}", seq=seq)
    missed = news(again)
    expect([m["data"]["notification"]["body"].split()[-1] for m in missed], ["Second", "Third", "Fourth"], "what was missed")
    expect_true(all(a["seq"] < b["seq"] for a, b in zip(missed, missed[1:])), "in order")
    stranger = Plain(stage.a, token)
    stranger.hear("ready")
    stranger.say(type="resume", room=f"user:{me}", seq=1)
    heard = stranger.hear(seconds=3)
    expect_true(heard and heard.get("code") == "resync", f"of what nobody remembers: {heard}")
    for socket in (guest, mine, again, stranger):
        socket.close()
    return f"after {late[0] * 1000:.0f} ms, by way of the other instance"

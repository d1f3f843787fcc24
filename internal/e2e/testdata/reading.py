"""Reads log events back in every way that clients do and compares with what was put:
FilterLogEvents and GetLogEvents over chunks of PutLogEvents that overlap in time,
and the way of `aws logs tail` while events arrive. Argument: a folder that is followed
as a trail.
"""
import gzip
import json
import os
import random
import sys
import time

from clients import client

logs = client("logs")
NOW = int(time.time() * 1000)
TRAIL = "CloudTrail/DefaultLogGroup"
random.seed(20261120)
failures = 0


def check(what, got, want):
    global failures
    if got != want:
        failures += 1
        size = lambda v: f"{len(v)} events" if isinstance(v, list) and len(v) > 5 else repr(v)
        print(f"{what}: got {size(got)}, want {size(want)}")


def event(e, stream=None):
    return e["timestamp"], stream or e["logStreamName"], e["message"]


def searched(group, size, **query):
    return [event(e) for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": size}, **query)
            for e in page["events"]]


def got(group, stream, limit, head, **query):
    """A stream read to its end, forwards from its head or backwards from its tail."""
    found, token = [], None
    while True:
        page = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=limit, startFromHead=head, **query, **({"nextToken": token} if token else {}))
        events = [event(e, stream) for e in page["events"]]
        found = found + events if head else events + found
        turned = page["nextForwardToken" if head else "nextBackwardToken"]
        if turned == token:
            return found
        token = turned


def put_chunks():
    logs.create_log_group(logGroupName="g")
    for stream in "abc":
        logs.create_log_stream(logGroupName="g", logStreamName=stream)
    put = []
    for batch in range(18):
        stream, base = "abc"[batch % 3], NOW - random.randrange(3_600_000)
        events = sorted(({"timestamp": base + random.randrange(60_000), "message": json.dumps({"n": batch * 200 + i, "level": random.choice(["INFO", "ERROR"])})}
                         for i in range(200)), key=lambda e: e["timestamp"])
        logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=events)
        put += [event(e, stream) for e in events]
    return put


put = put_chunks()
early, late = NOW - 2_400_000, NOW - 600_000
for what, query, wanted in [
    ("all", {}, lambda e: True),
    ("pattern", {"filterPattern": '{ $.level = "ERROR" }'}, lambda e: "ERROR" in e[2]),
    ("streams", {"logStreamNames": ["a", "c"]}, lambda e: e[1] != "b"),
    ("prefix", {"logStreamNamePrefix": "b"}, lambda e: e[1] == "b"),
    ("range, both ends inclusive", {"startTime": put[7][0], "endTime": put[99][0]}, lambda e: put[7][0] <= e[0] <= put[99][0]),
    ("range and pattern", {"startTime": early, "endTime": late, "filterPattern": "INFO"}, lambda e: early <= e[0] <= late and "INFO" in e[2]),
]:
    for size in (10_000, 97):
        found = searched("g", size, **query)
        check(f"FilterLogEvents {what}, {size} a page", sorted(found), sorted(e for e in put if wanted(e)))
        check(f"FilterLogEvents {what}, {size} a page, in order of time", [e[0] for e in found], sorted(e[0] for e in found))
for limit in (10_000, 89):
    for head in (True, False):
        found = got("g", "a", limit, head)
        check(f"GetLogEvents {limit} head={head}", sorted(found), sorted(e for e in put if e[1] == "a"))
        found = got("g", "a", limit, head, startTime=early, endTime=late)
        check(f"GetLogEvents {limit} head={head}, end exclusive", sorted(found), sorted(e for e in put if e[1] == "a" and early <= e[0] < late))

# A reader at the end of a stream sees what comes later by the token it has.
logs.create_log_stream(logGroupName="g", logStreamName="tail")
token = logs.get_log_events(logGroupName="g", logStreamName="tail", startFromHead=True)["nextForwardToken"]
for word in ("one", "two"):
    logs.put_log_events(logGroupName="g", logStreamName="tail", logEvents=[{"timestamp": int(time.time() * 1000), "message": word}])
    page = logs.get_log_events(logGroupName="g", logStreamName="tail", nextToken=token)
    check("by the token", [e["message"] for e in page["events"]], [word])
    token = page["nextForwardToken"]


def record(n):
    return {"eventVersion": "1.09", "eventTime": "2026-11-20T10:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "awsRegion": "us-east-1",
            "userIdentity": {"type": "IAMUser", "accountId": "111122223333", "userName": f"u{n % 7}"}, "eventID": f"{n:08d}-2222-3333-4444-555555555555", "n": n}


def deliver(file, numbers):
    path = os.path.join(sys.argv[1], f"111122223333_CloudTrail_us-east-1_20261120T1000Z_{file:016d}.json.gz")
    with open(path + ".part", "wb") as part:
        part.write(gzip.compress(json.dumps({"Records": [record(n) for n in numbers]}).encode()))
    os.rename(path + ".part", path)


def tail(count):
    """Reads as `aws logs tail --follow` does: from a time on, over all pages, and again
    from the last event seen, forgetting those that were seen before."""
    seen, start, deadline = {}, NOW, time.time() + 15
    while len(seen) < count and time.time() < deadline:
        query = {"logGroupName": TRAIL, "startTime": start, "limit": 7}
        while True:
            page = logs.filter_log_events(**query)
            for e in page["events"]:
                seen.setdefault(e["eventId"], json.loads(e["message"])["n"])
                start = max(start, e["timestamp"])
            if "nextToken" not in page:
                break
            query["nextToken"] = page["nextToken"]
            if len(seen) > 20 and not os.path.exists(os.path.join(sys.argv[1], "more")):
                open(os.path.join(sys.argv[1], "more"), "w").close()
                deliver(3, range(60, 90))  # arrives between two pages
    return list(seen.values())


for file in range(3):
    deliver(file, range(file * 20, file * 20 + 20))
check("tail of the trail", sorted(tail(90)), list(range(90)))
check("pattern over the trail", sorted(json.loads(e[2])["n"] for e in searched(TRAIL, 4, filterPattern='{ $.userIdentity.userName = "u3" && $.n >= 50 }')),
      [n for n in range(50, 90) if n % 7 == 3])
stream = logs.describe_log_streams(logGroupName=TRAIL)["logStreams"][0]["logStreamName"]
for head in (True, False):
    check("GetLogEvents of the trail", sorted(json.loads(e[2])["n"] for e in got(TRAIL, stream, 11, head)), list(range(90)))

# What a retention policy hides comes back with its end, until it is swept away.
old = [{"timestamp": NOW - 3 * 86_400_000, "message": "old"}]
logs.create_log_group(logGroupName="kept")
logs.create_log_stream(logGroupName="kept", logStreamName="s")
logs.put_log_events(logGroupName="kept", logStreamName="s", logEvents=old)
logs.put_log_events(logGroupName="kept", logStreamName="s", logEvents=[{"timestamp": NOW, "message": "new"}])
check("before retention", [e[2] for e in searched("kept", 100)], ["old", "new"])
logs.put_retention_policy(logGroupName="kept", retentionInDays=1)
check("with retention", [e[2] for e in searched("kept", 100)], ["new"])
check("with retention, GetLogEvents", [e[2] for e in got("kept", "s", 100, True)], ["new"])
check("too old to be taken", logs.put_log_events(logGroupName="kept", logStreamName="s", logEvents=old)["rejectedLogEventsInfo"], {"expiredLogEventEndIndex": 1})

print(f"reading: {failures} failures")
sys.exit(1 if failures else 0)

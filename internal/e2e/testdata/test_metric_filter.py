"""Runs every filter pattern vector through TestMetricFilter, as boto3 sees it.

Messages of the same pattern go together, up to 50 a call. Prints each mismatch
and a line `vectors: N passed, M failed`.
"""
import json
import os
import sys

import boto3
import botocore.exceptions

logs = boto3.client("logs", endpoint_url=os.environ["ENDPOINT"])
KNOWN = {"id", "feature", "pattern", "event", "match", "extracted", "error", "source", "confidence", "note", "kind"}
LOW = {"inferred", "low"}


def ask(pattern, messages):
    try:
        out = logs.test_metric_filter(filterPattern=pattern, logEventMessages=messages)
        return {m["eventNumber"]: m for m in out["matches"]}, None
    except botocore.exceptions.ClientError as error:
        return None, error.response["Error"]


def judge(vector, number, matches, error):
    if vector["match"] == "error":
        want = vector.get("error") or {}
        if error is None:
            return f"was accepted, want error {want}"
        if want.get("code") and want["code"] != error["Code"]:
            return f"error code {error['Code']}, want {want['code']}"
        if want.get("message") and want["message"] != error["Message"]:
            return f"error text {error['Message']!r}, want {want['message']!r}"
        return None
    if error is not None:
        return f"error {error}, want match {vector['match']}"
    found = matches.get(number)
    if (found is not None) != vector["match"]:
        return f"match {found is not None}, want {vector['match']}"
    if found and "extracted" in vector and found["extractedValues"] != vector["extracted"]:
        return f"extracted {found['extractedValues']}, want {vector['extracted']}"
    if found and found["eventMessage"] != vector["event"]:
        return f"message came back as {found['eventMessage']!r}"
    return None


def groups(path):
    by_pattern = {}
    for line in open(path, encoding="utf-8"):
        vector = json.loads(line)
        if set(vector) - KNOWN:
            sys.exit(f"{vector['id']}: unknown members {set(vector) - KNOWN}")
        by_pattern.setdefault(vector["pattern"], []).append(vector)
    for pattern, vectors in by_pattern.items():
        for i in range(0, len(vectors), 50):
            yield pattern, vectors[i:i + 50]


passed = failed = passed_over = 0
for pattern, vectors in groups(sys.argv[1]):
    usable = [v for v in vectors if v.get("event") or v["match"] == "error"]  # the API wants messages of at least one character
    passed_over += len(vectors) - len(usable)
    if not usable:
        continue
    matches, error = ask(pattern, [v.get("event") or "x" for v in usable])
    for number, vector in enumerate(usable, 1):
        problem = judge(vector, number, matches, error)
        if problem is None:
            passed += 1
        elif vector.get("confidence") in LOW:
            print(f"low confidence {vector['id']}: {problem}")
        else:
            failed += 1
            print(f"{vector['id']}: {pattern!r}: {problem}")
print(f"passed over (empty message): {passed_over}")
print(f"vectors: {passed} passed, {failed} failed")
sys.exit(1 if failed else 0)

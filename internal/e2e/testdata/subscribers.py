"""What subscribers get and may do: confirmations by link and by call, email-json,
MessageStructure, links to unsubscribe, and what an alarm's history says of topics that
it may not publish to. Argument: the mail folder.
"""
import email
import email.policy
import glob
import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import botocore
import botocore.exceptions

from clients import client

sns, cloudwatch = client("sns"), client("cloudwatch")
unsigned = client("sns", config={"signature_version": botocore.UNSIGNED})
failures = 0


def check(what, got, want):
    global failures
    if got != want:
        failures += 1
        print(f"{what}: got {got!r}, want {want!r}")


def mail_to(address, *words):
    """The mail to an address that has all the words, once it is there: its subject and text."""
    for _ in range(500):
        for path in glob.glob(sys.argv[1] + "/*.eml"):
            with open(path, "rb") as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            text = mail.get_body(("plain",)).get_content()
            if address in mail["To"] and all(word in text for word in words):
                return mail["Subject"], text
        time.sleep(0.02)
    sys.exit(f"no mail to {address} with {words}")


def visit(url, **form):
    """Follows a link, or presses the button of the page behind it."""
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.urlopen(url, data) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def refusal(call, **members):
    try:
        call(**members)
        return "accepted"
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def confirmed():
    return sorted(s["Endpoint"] for s in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] if s["SubscriptionArn"] != "PendingConfirmation")


topic = sns.create_topic(Name="chain", Attributes={"DisplayName": "Bell tower"})["TopicArn"]
arns = {}
for protocol, address in [("email", "link@example.com"), ("email-json", "json@example.com"), ("email", "call@example.com"), ("email", "late@example.com")]:
    arns[address] = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=address, ReturnSubscriptionArn=True)["SubscriptionArn"]

subject, text = mail_to("link@example.com", topic)
check("subject of the confirmation", subject, "AWS Notification - Subscription Confirmation")
link = re.search(r"http://\S+Token=[0-9a-f]+", text).group()
root, query = link.split("?")
named = {key: values[0] for key, values in urllib.parse.parse_qs(query).items()}
check("a visit", visit(link), 200)
check("confirmed by a visit", confirmed(), [])
check("the button", visit(root + "confirmation.html", TopicArn=named["TopicArn"], Token=named["Token"]), 200)
check("confirmed by the button", confirmed(), ["link@example.com"])

envelope = json.loads(mail_to("json@example.com", '"Token"')[1])
check("envelope of the confirmation", list(envelope), ["Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL"])
sns.confirm_subscription(TopicArn=topic, Token=envelope["Token"], AuthenticateOnUnsubscribe="true")
token = re.search("Token=([0-9a-f]+)", mail_to("call@example.com", topic)[1]).group(1)
check("the answer of an unsigned confirmation", unsigned.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"], arns["call@example.com"])
check("confirmed by calls", confirmed(), ["call@example.com", "json@example.com", "link@example.com"])
for address, want in [("json@example.com", "true"), ("call@example.com", "false")]:
    attributes = sns.get_subscription_attributes(SubscriptionArn=arns[address])["Attributes"]
    check("ConfirmationWasAuthenticated of " + address, attributes["ConfirmationWasAuthenticated"], want)
counts = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
check("counts", [counts["Subscriptions" + kind] for kind in ("Confirmed", "Pending", "Deleted")], ["3", "1", "0"])

sns.publish(TopicArn=topic, Subject="Hé <b>", MessageStructure="json", Message=json.dumps({"default": "for others", "email": "for people ü\nline 2", "email-json": "for machines"}))
subject, text = mail_to("link@example.com", "for people")
check("subject of a message", subject, "Hé <b>")
check("text of a message", text.startswith("for people ü\nline 2\n"), True)
envelope = json.loads(mail_to("json@example.com", "for machines")[1])
check("envelope of a message", list(envelope), ["Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL"])
check("message in the envelope", (envelope["Subject"], envelope["Message"]), ("Hé <b>", "for machines"))
check("certificate", visit(envelope["SigningCertURL"]), 200)
sns.publish(TopicArn=topic, Message="without a subject")
subject, text = mail_to("call@example.com", "without a subject")
check("subject of a message without one", subject, "AWS Notification Message")

link = re.search(r"http://\S+/unsubscribe.html\?\S+", text).group()
check("a visit to unsubscribe", (visit(link), "call@example.com" in confirmed()), (200, True))
named = {key: values[0] for key, values in urllib.parse.parse_qs(link.split("?")[1]).items()}
check("the button to unsubscribe", (visit(root + "unsubscribe.html", **named), "call@example.com" in confirmed()), (200, False))
check("a subscription that is gone", refusal(sns.get_subscription_attributes, SubscriptionArn=arns["call@example.com"]), "NotFound")
check("unsubscribing again", refusal(sns.unsubscribe, SubscriptionArn=arns["call@example.com"]), "accepted")
check("unsubscribing what is guarded, unsigned", refusal(unsigned.unsubscribe, SubscriptionArn=arns["json@example.com"]), "AuthorizationError")
check("unsubscribing what is pending", refusal(sns.unsubscribe, SubscriptionArn=arns["late@example.com"]), "InvalidParameter")
check("unsubscribing what is guarded, signed", refusal(sns.unsubscribe, SubscriptionArn=arns["json@example.com"]), "accepted")
check("who is left", confirmed(), ["link@example.com"])


def allow(arn, principal, **condition):
    statement = {"Sid": "only", "Effect": "Allow", "Principal": principal, "Action": "SNS:Publish", "Resource": arn}
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(
        {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}))


def ring(reason):
    """What became of the alarm's actions at its next change to ALARM, by topic."""
    seen = set(map(str, history()))
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="x")
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason=reason)
    for _ in range(500):
        new = [i for i in history() if str(i) not in seen]
        if len(new) == len(TARGETS):
            data = [json.loads(i["HistoryData"]) for i in new]
            return {d["notificationResource"].split(":", 4)[4]: d["actionState"] for d in data}, new
        time.sleep(0.02)
    sys.exit(f"actions of {reason} are missing: {new}")


def history():
    return cloudwatch.describe_alarm_history(AlarmName="a", HistoryItemType="Action")["AlarmHistoryItems"]


closed = sns.create_topic(Name="closed")["TopicArn"]
TARGETS = [topic, closed, topic.replace("chain", "missing")]
cloudwatch.put_metric_alarm(AlarmName="a", Namespace="N", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
                            ComparisonOperator="GreaterThanThreshold", AlarmActions=TARGETS)
root_user = "arn:aws:iam::000000000000:root"
own = {"000000000000:chain": "Succeeded", "000000000000:missing": "Failed"}
allow(closed, {"AWS": root_user})
states, items = ring("policy without CloudWatch")
check("topic without CloudWatch in its policy", states, own | {"000000000000:closed": "Failed"})
check("why it failed", any("not authorized to perform: SNS:Publish on resource: " + closed in i["HistorySummary"] for i in items), True)
allow(closed, {"Service": "cloudwatch.amazonaws.com"}, ArnLike={"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a"})
check("policy for this alarm", ring("policy for the alarm")[0], own | {"000000000000:closed": "Succeeded"})
allow(closed, {"Service": "cloudwatch.amazonaws.com"}, StringEquals={"aws:SourceAccount": "111111111111"})
check("policy for another account's alarms", ring("policy for others")[0], own | {"000000000000:closed": "Failed"})
subject, _ = mail_to("link@example.com", "policy for the alarm")
check("subject of an alarm", subject, 'ALARM: "a" in US East (N. Virginia)')
pages = cloudwatch.get_paginator("describe_alarm_history").paginate(AlarmName="a", ScanBy="TimestampAscending", PaginationConfig={"PageSize": 2})
check("history in pages", [i["HistoryItemType"] for p in pages for i in p["AlarmHistoryItems"]].count("Action"), 9)

print(f"subscribers: {failures} failures")
sys.exit(1 if failures else 0)

"""Calls every operation once as an ordinary client would, cloudwatch in each of its
protocols, and prints "service protocol operation" for each that answered as it should.
"""
import datetime
import sys
import time

from clients import client

NOW = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
MS = int(time.time() * 1000)
HOUR = datetime.timedelta(hours=1)


def succeeds(out):
    return out["ResponseMetadata"]["HTTPStatusCode"] == 200


def logs_calls(c):
    group, stream = {"logGroupName": "smoke"}, {"logGroupName": "smoke", "logStreamName": "s"}
    arn = "arn:aws:logs:us-east-1:000000000000:log-group:smoke"
    yield c.create_log_group(**group, tags={"a": "b"})
    yield c.describe_log_groups(logGroupNamePrefix="smoke")["logGroups"][0]["logGroupArn"] == arn
    yield c.put_retention_policy(**group, retentionInDays=7)
    yield c.delete_retention_policy(**group)
    yield c.tag_resource(resourceArn=arn, tags={"c": "d"})
    yield c.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "b", "c": "d"}
    yield c.untag_resource(resourceArn=arn, tagKeys=["a", "c"])
    yield c.tag_log_group(**group, tags={"e": "f"})
    yield c.list_tags_log_group(**group)["tags"] == {"e": "f"}
    yield c.untag_log_group(**group, tags=["e"])
    yield c.create_log_stream(**stream)
    yield c.put_metric_filter(**group, filterName="f", filterPattern="ERROR",
                              metricTransformations=[{"metricName": "m", "metricNamespace": "with:colon#1", "metricValue": "1"}])
    yield c.put_log_events(**stream, logEvents=[{"timestamp": MS, "message": "ERROR é 日本"}])["nextSequenceToken"] != ""
    yield c.describe_log_streams(**group)["logStreams"][0]["lastEventTimestamp"] == MS
    yield c.get_log_events(**stream)["events"][0]["message"] == "ERROR é 日本"
    yield len(c.filter_log_events(**group, filterPattern="ERROR")["events"]) == 1
    yield c.describe_metric_filters(**group)["metricFilters"][0]["metricTransformations"][0]["metricNamespace"] == "with:colon#1"
    yield c.test_metric_filter(filterPattern="[a, b]", logEventMessages=["x y"])["matches"][0]["extractedValues"] == {"$a": "x", "$b": "y"}
    yield c.delete_metric_filter(**group, filterName="f")
    yield c.delete_log_stream(**stream)
    yield c.delete_log_group(**group)


def cloudwatch_calls(c):
    arn, names = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:smoke é", {"AlarmNames": ["smoke é"]}
    metric, space = {"Namespace": "Smoke", "MetricName": "m"}, "Smoke"
    window = {"StartTime": NOW - HOUR, "EndTime": NOW + HOUR}
    yield c.put_metric_data(Namespace=space, MetricData=[{"MetricName": "m", "Timestamp": NOW, "Values": [1, 9], "Counts": [9, 1]}])
    yield c.list_metrics(Namespace=space)["Metrics"][0]["MetricName"] == "m"
    yield c.get_metric_statistics(**metric, **window, Period=60, ExtendedStatistics=["p50"])["Datapoints"][0]["ExtendedStatistics"]["p50"] == 1
    yield c.get_metric_data(**window, MetricDataQueries=[
        {"Id": "m", "ReturnData": False, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}, {"Id": "e", "Expression": "m * 2"}],
    )["MetricDataResults"][0]["Values"] == [18]
    yield c.put_metric_alarm(AlarmName="smoke é", **metric, Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1e9,
                             ComparisonOperator="GreaterThanThreshold", Tags=[{"Key": "a", "Value": "b"}])
    yield c.describe_alarms(**names)["MetricAlarms"][0]["AlarmArn"] == arn
    yield len(c.describe_alarms_for_metric(**metric)["MetricAlarms"]) == 1
    yield c.tag_resource(ResourceARN=arn, Tags=[{"Key": "c", "Value": ""}])
    yield len(c.list_tags_for_resource(ResourceARN=arn)["Tags"]) == 2
    yield c.untag_resource(ResourceARN=arn, TagKeys=["a"])
    yield c.disable_alarm_actions(**names)
    yield c.enable_alarm_actions(**names)
    yield c.set_alarm_state(AlarmName="smoke é", StateValue="ALARM", StateReason="smoke")
    yield "StateUpdate" in {item["HistoryItemType"] for item in c.describe_alarm_history(AlarmName="smoke é")["AlarmHistoryItems"]}
    yield c.put_composite_alarm(AlarmName="smoke both", AlarmRule='ALARM("smoke é")')
    yield c.describe_alarms(ChildrenOfAlarmName="smoke both")["MetricAlarms"][0]["AlarmArn"] == arn
    yield c.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]["StateValue"] == "ALARM"
    yield c.delete_alarms(AlarmNames=["smoke both"])
    yield c.delete_alarms(**names)


def sns_calls(c):
    arn = c.create_topic(Name="smoke", Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
    yield arn == "arn:aws:sns:us-east-1:000000000000:smoke"
    topic = {"TopicArn": arn}
    yield c.set_topic_attributes(**topic, AttributeName="DisplayName", AttributeValue="Smoke")
    yield c.get_topic_attributes(**topic)["Attributes"]["DisplayName"] == "Smoke"
    yield topic in c.list_topics()["Topics"]
    yield c.add_permission(**topic, Label="l", AWSAccountId=["111111111111"], ActionName=["Publish"])
    yield c.remove_permission(**topic, Label="l")
    yield c.tag_resource(ResourceArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    yield len(c.list_tags_for_resource(ResourceArn=arn)["Tags"]) == 2
    yield c.untag_resource(ResourceArn=arn, TagKeys=["a"])
    yield c.subscribe(**topic, Protocol="email", Endpoint="a@example.com")["SubscriptionArn"] == "pending confirmation"
    subscription = c.subscribe(**topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)["SubscriptionArn"]
    yield c.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="FilterPolicyScope", AttributeValue="MessageBody")
    yield c.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["PendingConfirmation"] == "true"
    yield c.list_subscriptions_by_topic(**topic)["Subscriptions"][0]["SubscriptionArn"] == "PendingConfirmation"
    yield "a@example.com" in {s["Endpoint"] for s in c.list_subscriptions()["Subscriptions"]}
    yield c.confirm_subscription(**topic, Token=token("a@example.com"))["SubscriptionArn"] == subscription
    yield c.publish(**topic, Message="m", Subject="s")["MessageId"] != ""
    yield len(c.publish_batch(**topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "m"}])["Successful"]) == 1
    yield c.unsubscribe(SubscriptionArn=subscription)
    yield c.delete_topic(**topic)


def token(address):
    """The token in the newest confirmation mail to an address; the mail folder is the argument."""
    import email
    import email.policy
    import glob
    import re

    for _ in range(200):
        for path in sorted(glob.glob(sys.argv[1] + "/*.eml"), reverse=True):
            with open(path, "rb") as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            found = re.search("Token=([0-9a-f]+)", mail.get_body(("plain",)).get_content())
            if address in mail["To"] and found:
                return found.group(1)
        time.sleep(0.02)
    sys.exit(f"no confirmation mail to {address}")


def sts_calls(c):
    yield c.get_caller_identity()["Account"] == "000000000000"


# What botocore speaks without being told: json before query.
SERVICES = [("logs", "json", logs_calls), ("sns", "query", sns_calls), ("sts", "query", sts_calls)]
SERVICES += [("cloudwatch", protocol, cloudwatch_calls) for protocol in ("json", "cbor", "query")]

wrong = 0
for service, protocol, calls in SERVICES:
    c = client(service, protocol)
    made = []
    c.meta.events.register("before-call", lambda model, **_: made.append(model.name))
    for out in calls(c):
        good = out if isinstance(out, bool) else succeeds(out)
        wrong += not good
        print(service, protocol, made[-1] if good else made[-1] + " answered wrongly")
sys.exit(1 if wrong else 0)

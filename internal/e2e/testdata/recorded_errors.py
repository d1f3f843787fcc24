"""Makes the calls behind the errors that LocalStack's validated tests recorded from
AWS (aws-errors.tsv, Apache-2.0) and compares status, code and text.

Each row is asked or named as out of scope, so a new row fails until somebody
decides. The recording cut long texts: after "..." or at 240 characters.
"""
import csv
import datetime
import sys

import botocore.exceptions

from clients import client

logs, cloudwatch, sns = client("logs"), client("cloudwatch"), client("sns")

NOW = datetime.datetime.now(datetime.timezone.utc)
MS = int(NOW.timestamp() * 1000)
DAY = datetime.timedelta(days=1)

logs.create_log_group(logGroupName="g")
logs.create_log_stream(logGroupName="g", logStreamName="s")
cloudwatch.put_metric_alarm(AlarmName="a", Namespace="N", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
                            Threshold=1, ComparisonOperator="GreaterThanThreshold")
TOPIC = sns.create_topic(Name="t", Tags=[{"Key": "k", "Value": "v"}])["TopicArn"]
SUB = sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True)["SubscriptionArn"]
sns.add_permission(TopicArn=TOPIC, Label="l", AWSAccountId=["111111111111"], ActionName=["Publish"])


def datum(**members):
    return lambda: cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", **members}])


def statistics(start, end, period=60):
    return lambda: cloudwatch.get_metric_statistics(Namespace="N", MetricName="m", StartTime=start, EndTime=end, Period=period, Statistics=["Sum"])


def metric_filter(name="f", count=1):
    transformations = [{"metricName": f"metric{i + 1}", "metricNamespace": f"namespace{i + 1}", "metricValue": "1"} for i in range(count)]
    return lambda: logs.put_metric_filter(logGroupName="g", filterName=name, filterPattern="", metricTransformations=transformations)


def events(stream="s", *at):
    return lambda: logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=[{"timestamp": t, "message": "x"} for t in at])


def publish(**members):
    given = {"TopicArn": TOPIC, "Message": "m", **members}
    return lambda: sns.publish(**{name: value for name, value in given.items() if value is not None})


def attribute(name="attr1", **value):
    return publish(MessageAttributes={name: value})


def batch(*entries):
    return lambda: sns.publish_batch(TopicArn=TOPIC, PublishBatchRequestEntries=[{"Id": str(i), "Message": "m", **e} for i, e in enumerate(entries)])


def subscribe(protocol="email", endpoint="b@example.com", topic=TOPIC, **attributes):
    return lambda: sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=attributes)


def set_subscription(name, value):
    return lambda: sns.set_subscription_attributes(SubscriptionArn=SUB, AttributeName=name, AttributeValue=value)


def create(name="t", **members):
    return lambda: sns.create_topic(Name=name, **members)


def permit(label, action):
    return lambda: sns.add_permission(TopicArn=TOPIC, Label=label, AWSAccountId=["111111111111"], ActionName=[action])


def unsubscribe(arn):
    return lambda: sns.unsubscribe(SubscriptionArn=arn)


SET = {"SampleCount": 1, "Sum": 1, "Minimum": 1, "Maximum": 1}

# By service and by how the recorded text begins.
CALLS = {
    "cloudwatch": {
        "": lambda: cloudwatch.set_alarm_state(AlarmName="nobody", StateValue="OK", StateReason="x"),
        "1 validation error detected: Value 'INVALID' at 'stateValue'": lambda: cloudwatch.set_alarm_state(AlarmName="a", StateValue="INVALID", StateReason="x"),
        "The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues": datum(Value=1, StatisticValues=SET),
        "The parameters MetricData.member.1.Value and MetricData.member.1.Values": datum(Value=1, Values=[1]),
        "The parameters MetricData.member.1.Values and MetricData.member.1.Counts": datum(Values=[1, 2], Counts=[1]),
        "You have requested up to 86400 datapoints": statistics(NOW - DAY, NOW, period=1),
        "The parameter StartTime must be less": statistics(NOW, NOW - DAY),
    },
    "logs": {
        "1 validation error detected: Value '10001' at 'limit'": lambda: logs.get_log_events(logGroupName="g", logStreamName="s", limit=10001),
        "1 validation error detected: Value 'X...": metric_filter(name="X" * 513),
        "1 validation error detected: Value '[MetricTransformation(": metric_filter(count=2),
        "Invalid LogGroup or LogStream": lambda: logs.create_log_group(logGroupName="g" * 513),
        "Log events in a single PutLogEvents": events("s", MS, MS - 1),
        "LogGroup name prefix and": lambda: logs.describe_log_groups(logGroupNamePrefix="g", logGroupNamePattern="g"),
        "The specified nextToken is invalid.": lambda: logs.get_log_events(logGroupName="g", logStreamName="s", nextToken="invalid"),
        "The specified log group already exists": lambda: logs.create_log_group(logGroupName="g"),
        "The specified log stream already exists": lambda: logs.create_log_stream(logGroupName="g", logStreamName="s"),
        "The specified log group does not exist.": lambda: logs.describe_log_streams(logGroupName="nobody"),
        "The specified log stream does not exist.": events("nobody", MS),
        "LogGroup name and LogGroup ARN": lambda: logs.describe_log_streams(logGroupName="g", logGroupIdentifier="g"),
    },
    "sns": {
        "Invalid parameter: Token": lambda: sns.confirm_subscription(TopicArn=TOPIC, Token="51b2ff3e"),
        "Invalid parameter: Topic": lambda: sns.confirm_subscription(TopicArn="nonsense", Token="51b2ff3e"),
        "Two or more batch entries": batch({"Id": "1"}, {"Id": "1"}),
        "The length of all the messages": batch({"Message": "x" * 131073}, {"Message": "x" * 131072}),
        "The Id of a batch entry in the batch request contains an impermissible character: message.id": batch({"Id": "message.id"}),
        "The Id of a batch entry in the batch request contains an impermissible character: msg@123#test": batch({"Id": "msg@123#test"}),
        "The Id of a batch entry in the batch request is too long: a...": batch({"Id": "a" * 81}),
        "The Id of a batch entry in the batch request is too long: myreally": batch({"Id": "my" + "really" * 13 + "longid"}),
        "The batch request contains more entries": batch(*[{}] * 11),
        "Invalid SMS endpoint": subscribe("sms", "NAA+15551234567"),
        "Invalid parameter: Amazon SNS does not support": subscribe("test-protocol", "x"),
        "Invalid parameter: AttributeName": set_subscription("FakeAttribute", "x"),
        "Invalid parameter: Attributes Reason: RawMessageDelivery": subscribe(RawMessageDelivery="wrongvalue"),
        "Invalid parameter: Attributes Reason: Subscription already": subscribe(endpoint="a@example.com", FilterPolicyScope="MessageBody"),
        "Invalid parameter: Attributes Reason: Topic already": create(Attributes={"DisplayName": "other"}),
        "Invalid parameter: Duplicated keys": lambda: sns.tag_resource(ResourceArn=TOPIC, Tags=[{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]),
        "Invalid parameter: Empty message": publish(Message=""),
        "Invalid parameter: Filter policy scope MessageAttributes": set_subscription("FilterPolicy", '{"a":{"b":["c"]}}'),
        "Invalid parameter: FilterPolicyScope": set_subscription("FilterPolicyScope", "RandomValue"),
        "Invalid parameter: Message Structure - JSON": publish(MessageStructure="json", Message="not json"),
        "Invalid parameter: Message Structure - No default": publish(MessageStructure="json", Message="{}"),
        "Invalid parameter: Message too long": publish(Message="x" * 262145),
        "Invalid parameter: MessageDeduplicationId": publish(MessageDeduplicationId="x"),
        "Invalid parameter: PhoneNumber Reason: +1a234": publish(TopicArn=None, PhoneNumber="+1a234"),
        "Invalid parameter: PhoneNumber Reason: NAA": publish(TopicArn=None, PhoneNumber="NAA+15551234567"),
        "Invalid parameter: Policy statement action": permit("l2", "NotAnAction"),
        "Invalid parameter: RawMessageDelivery: Invalid value []": set_subscription("RawMessageDelivery", ""),
        "Invalid parameter: RawMessageDelivery: Invalid value [test": set_subscription("RawMessageDelivery", "test-ValUe"),
        "Invalid parameter: RedrivePolicy: deadLetterTargetArn": set_subscription("RedrivePolicy", '{"deadLetterTargetArn":"fake"}'),
        "Invalid parameter: RedrivePolicy: failed to parse": set_subscription("RedrivePolicy", "{invalidjson}"),
        "Invalid parameter: SQS endpoint ARN": subscribe("sqs", "https://sqs.us-east-1.amazonaws.com/111111111111/q"),
        "Invalid parameter: Statement already exists": permit("l", "Publish"),
        "Invalid parameter: Subject": publish(Subject=""),
        "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1": unsubscribe("randomstring"),
        "Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 5": unsubscribe("arn:aws:sns:us-east-1:random"),
        "Invalid parameter: SubscriptionArn Reason: no value": lambda: sns.unsubscribe(),
        "Invalid parameter: SubscriptionId": unsubscribe("arn:aws:sns:us-east-1:111111111111:random"),
        "Invalid parameter: Tags Reason": create(Tags=[{"Key": "k", "Value": "v"}, {"Key": "more", "Value": "v"}]),
        "Invalid parameter: TargetArn Reason": publish(TopicArn=None, TargetArn="arn:aws:sns:us-east-1:000000000000:endpoint/APNS/abcdef/0f7d5971"),
        "Invalid parameter: Topic Name": create("a b"),
        "Invalid parameter: TopicArn": publish(TopicArn=TOPIC.replace("us-east-1", "us-west-2")),
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1": lambda: sns.get_topic_attributes(TopicArn="topic"),
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 2": publish(TopicArn="random:arn"),
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 5": subscribe(topic="arn:aws:sns:us-east-1:random"),
        "Invalid token": lambda: sns.confirm_subscription(TopicArn=TOPIC, Token="randomtoken"),
        "Invalid message attribute name ending": attribute("attr.", DataType="String", StringValue="v"),
        "Invalid message attribute name starting": attribute(".attr", DataType="String", StringValue="v"),
        "Invalid non-alphanumeric character '#x5E'": attribute("^attr", DataType="String", StringValue="v"),
        "Length of message attribute name": attribute("a" * 257, DataType="String", StringValue="v"),
        "Message attribute name can not have successive": attribute("a..b", DataType="String", StringValue="v"),
        "The message attribute 'attr1' has an invalid message attribute type": attribute(DataType="InvalidType", StringValue="v"),
        "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'Binary'": attribute(DataType="Binary"),
        "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'": attribute(DataType="String", StringValue=""),
        "The message attribute 'attr1' with type 'Binary'": attribute(DataType="Binary", StringValue="v"),
        "The message attribute 'attr1' with type 'Number'": attribute(DataType="Number", BinaryValue=b"v"),
        "The message attribute 'attr1' with type 'String'": attribute(DataType="String", BinaryValue=b"v"),
        "1 validation error detected: Value null at 'messageAttributes": attribute(StringValue="v"),
        "1 validation error detected: Value null at 'publishBatchRequestEntries": batch({"MessageAttributes": {"attr1": {"StringValue": "v"}}}),
        "Subscription does not exist": lambda: sns.get_subscription_attributes(SubscriptionArn=TOPIC + ":11111111-2222-3333-4444-555555555555"),
        "Topic does not exist": lambda: sns.get_topic_attributes(TopicArn=TOPIC + "x"),
    },
}

# Recorded by tests of what Tocsin does not have, by the test's name.
OUT_OF_SCOPE = {
    "test_invalid_dashboard_name": "dashboards",
    "test_put_subscription_filter_errors": "subscription filters", "test_delete_subscription_filter_errors": "subscription filters",
    "test_create_export_task_bucket_not_found": "export tasks", "test_cancel_export_task_not_found": "export tasks",
    "test_put_resource_policy_limit_exceeded": "resource policies", "test_delete_resource_policy_not_found": "resource policies",
    "test_start_query_log_group_not_found": "Logs Insights",
    "test_put_delivery_source_invalid_resource": "deliveries", "test_get_delivery_destination_not_found": "deliveries",
    "test_get_delivery_source_not_found": "deliveries", "test_delete_delivery_source": "deliveries", "test_delete_delivery": "deliveries",
    "test_put_delivery_destination_invalid_format": "deliveries",
    "test_opt_in_invalid_number": "SMS",
    "test_assume_role_tag_validation": "AssumeRole", "test_iam_role_chaining_override_transitive_tags": "AssumeRole", "test_sts_invalid_parameters": "AssumeRole",
}
FIFO = ("FIFO", "ContentBasedDeduplication")


def scope(row):
    """Why the row is not asked; empty if it is."""
    test = row["test"].split("[")[0]
    if row["service"] == "sns" and any(word in row["message"] for word in FIFO):
        return "FIFO topics"
    return OUT_OF_SCOPE.get(test, "")


def call_of(row):
    """The call with the longest beginning that fits; the empty text is its own only fit."""
    calls = CALLS.get(row["service"], {})
    fits = [begin for begin in calls if begin == row["message"] or begin and row["message"].startswith(begin)]
    return calls[max(fits, key=len)] if fits else None


def judge(row, call):
    try:
        call()
        return "was accepted"
    except botocore.exceptions.ClientError as error:
        got = error.response
    status, code, message = got["ResponseMetadata"]["HTTPStatusCode"], got["Error"]["Code"], got["Error"].get("Message") or ""
    want = row["message"].strip()
    if row["status"] and int(row["status"]) != status:
        return f"status {status}, want {row['status']}"
    if row["code"] != code:
        return f"code {code}, want {row['code']}"
    message = " ".join(message.split())  # as the recording has it
    cut = want.removesuffix("...")
    if message != want and not ((cut != want or len(want) >= 235) and message.startswith(cut)):
        return f"text {message!r}, want {want!r}"
    return None


rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8"), fieldnames=["service", "status", "code", "message", "test"], delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
asked = failed = passed_over = 0
for row in rows:
    if scope(row):
        passed_over += 1
        continue
    asked += 1
    call = call_of(row)
    problem = judge(row, call) if call else "nobody asks this"
    if problem:
        failed += 1
        print(f"{row['service']} {row['test']}: {problem}")
print(f"recorded errors: {asked - failed} passed, {failed} failed, {passed_over} out of scope")
sys.exit(1 if failed or not asked else 0)

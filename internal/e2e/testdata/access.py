"""Who may call, and what of others they see: signatures that are wrong in every way, in
each protocol's words; presigned requests; two regions and two accounts side by side.

The environment has the key of account 000000000000; OTHER and OTHER_SECRET are that of
account 222222222222.
"""
import datetime
import os
import sys
import urllib.error
import urllib.request

import botocore
import botocore.auth
import botocore.exceptions

from clients import client

OTHER = {"aws_access_key_id": os.environ["OTHER"], "aws_secret_access_key": os.environ["OTHER_SECRET"]}
ARN = "arn:aws:{}:us-east-1:{}:{}"
failures = 0


def check(what, got, want):
    global failures
    if got != want:
        failures += 1
        print(f"{what}: got {got}, want {want}")


def refusal(call, **members):
    try:
        call(**members)
        return "accepted"
    except botocore.exceptions.ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]


QUESTIONS = [("logs", "json", "describe_log_groups"), ("cloudwatch", "json", "describe_alarms"), ("cloudwatch", "cbor", "describe_alarms"),
             ("cloudwatch", "query", "describe_alarms"), ("sns", "query", "list_topics"), ("sts", "query", "get_caller_identity")]

# logs has AWS's names of JSON services; cloudwatch keeps those of its query days in every protocol.
QUERY = {"unknown": "InvalidClientTokenId", "mismatch": "SignatureDoesNotMatch", "missing": "MissingAuthenticationToken"}
CODES = {"logs": {"unknown": "UnrecognizedClientException", "mismatch": "InvalidSignatureException", "missing": "MissingAuthenticationTokenException"}}

for service, protocol, operation in QUESTIONS:
    codes, status = CODES.get(service, QUERY), 403 if protocol == "query" else 400

    def ask(**options):
        return refusal(getattr(client(service, protocol, **options), operation))

    check(f"{service} {protocol} with the right key", ask(), "accepted")
    check(f"{service} {protocol} with an unknown key", ask(aws_access_key_id="AKIDNOBODY", aws_secret_access_key="x"), (status, codes["unknown"]))
    check(f"{service} {protocol} with a wrong secret", ask(aws_access_key_id=OTHER["aws_access_key_id"], aws_secret_access_key="x"), (status, codes["mismatch"]))
    check(f"{service} {protocol} with a session token", ask(**OTHER, aws_session_token="x"), (status, codes["unknown"]))
    check(f"{service} {protocol} unsigned", ask(config={"signature_version": botocore.UNSIGNED}), (status, codes["missing"]))
    now = botocore.auth.get_current_datetime
    for minutes, want in [(-16, (status, codes["mismatch"])), (16, (status, codes["mismatch"])), (-14, "accepted"), (14, "accepted")]:
        botocore.auth.get_current_datetime = lambda *a, m=minutes, **k: now(*a, **k) + datetime.timedelta(minutes=m)
        check(f"{service} {protocol} signed {minutes} minutes from now", ask(), want)
    botocore.auth.get_current_datetime = now


def fetch(url, method):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


# boto3 presigns a POST, with everything in the URL, unless it is told GET.
for service, operation in [("sns", "list_topics"), ("sts", "get_caller_identity")]:
    for method in ("POST", "GET"):
        url = client(service, config={"signature_version": "v4"}).generate_presigned_url(operation, HttpMethod=method)
        check(f"{service} presigned {method}", fetch(url, method), 200)
        check(f"{service} presigned {method}, used otherwise", fetch(url, "POST" if method == "GET" else "GET"), 403)
        check(f"{service} presigned {method}, changed", fetch(url + "&NextToken=x", method), 403)

# What the two accounts have is theirs, even under the same names.
mine, theirs, west = ({name: client(name, **options) for name in ("logs", "cloudwatch", "sns")} for options in ({}, OTHER, {"region_name": "us-west-2"}))
ACCOUNTS = (("000000000000", mine), ("222222222222", theirs))
for account, c in ACCOUNTS:
    c["logs"].create_log_group(logGroupName="g")
    c["sns"].create_topic(Name="t")
    c["cloudwatch"].put_metric_data(Namespace="N", MetricData=[{"MetricName": "m" + account[0], "Value": 1}])
    c["cloudwatch"].put_metric_alarm(AlarmName="a", Namespace="N", MetricName="m" + account[0], Statistic="Sum", Period=60, EvaluationPeriods=1,
                                     Threshold=1e9, ComparisonOperator="GreaterThanThreshold")
for account, c in ACCOUNTS:
    check("topics of " + account, [t["TopicArn"] for t in c["sns"].list_topics()["Topics"]], [ARN.format("sns", account, "t")])
    check("alarms of " + account, [a["AlarmArn"] for a in c["cloudwatch"].describe_alarms()["MetricAlarms"]], [ARN.format("cloudwatch", account, "alarm:a")])
    check("log groups of " + account, [g["logGroupArn"] for g in c["logs"].describe_log_groups()["logGroups"]], [ARN.format("logs", account, "log-group:g")])
    check("metrics of " + account, [m["MetricName"] for m in c["cloudwatch"].list_metrics()["Metrics"]], ["m" + account[0]])
    check("history of " + account, {i["AlarmName"] for i in c["cloudwatch"].describe_alarm_history()["AlarmHistoryItems"]}, {"a"})
for name, operation, key in [("sns", "list_topics", "Topics"), ("sns", "list_subscriptions", "Subscriptions"), ("cloudwatch", "describe_alarms", "MetricAlarms"),
                             ("cloudwatch", "describe_alarm_history", "AlarmHistoryItems"), ("cloudwatch", "list_metrics", "Metrics"),
                             ("logs", "describe_log_groups", "logGroups"), ("logs", "describe_metric_filters", "metricFilters")]:
    check(f"{operation} of another region", getattr(west[name], operation)()[key], [])

topic, alarm, group = (ARN.format(*parts) for parts in (("sns", "222222222222", "t"), ("cloudwatch", "222222222222", "alarm:a"), ("logs", "222222222222", "log-group:g")))
DENIED = (403, "AuthorizationError")
for what, got, want in [
    ("read their topic", refusal(mine["sns"].get_topic_attributes, TopicArn=topic), DENIED),
    ("publish to their topic", refusal(mine["sns"].publish, TopicArn=topic, Message="x"), DENIED),
    ("subscribe to their topic", refusal(mine["sns"].subscribe, TopicArn=topic, Protocol="email", Endpoint="a@example.com"), DENIED),
    ("list their subscriptions", refusal(mine["sns"].list_subscriptions_by_topic, TopicArn=topic), DENIED),
    ("delete their topic", refusal(mine["sns"].delete_topic, TopicArn=topic), DENIED),
    ("tag their topic", refusal(mine["sns"].tag_resource, ResourceArn=topic, Tags=[{"Key": "k", "Value": "v"}]), (404, "ResourceNotFound")),
    ("their alarm's tags", refusal(mine["cloudwatch"].list_tags_for_resource, ResourceARN=alarm), (404, "ResourceNotFoundException")),
    ("their log group's tags", refusal(mine["logs"].list_tags_for_resource, resourceArn=group), (400, "ResourceNotFoundException")),
    ("their log streams", refusal(mine["logs"].describe_log_streams, logGroupIdentifier=group), (400, "ResourceNotFoundException")),
    ("their metrics", refusal(mine["cloudwatch"].get_metric_data, StartTime=0, EndTime=60, MetricDataQueries=[{"Id": "m", "AccountId": "222222222222", "MetricStat": {
        "Metric": {"Namespace": "N", "MetricName": "m2"}, "Period": 60, "Stat": "Sum"}}]), (400, "ValidationError")),
    ("my topic from another region", refusal(west["sns"].get_topic_attributes, TopicArn=ARN.format("sns", "000000000000", "t")), (400, "InvalidParameter")),
]:
    check(what, got, want)
theirs["sns"].add_permission(TopicArn=topic, Label="open", AWSAccountId=["000000000000"], ActionName=["Publish"])
check("publish when their policy allows it", refusal(mine["sns"].publish, TopicArn=topic, Message="x"), "accepted")
check("still not subscribe", refusal(mine["sns"].subscribe, TopicArn=topic, Protocol="email", Endpoint="a@example.com"), DENIED)

print(f"access: {failures} failures")
sys.exit(1 if failures else 0)

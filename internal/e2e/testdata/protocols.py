"""Asks cloudwatch the same questions over json, cbor and query, and prints what differs."""
import datetime
import json
import sys

import botocore.exceptions

from clients import PROTOCOLS, client


def answer(call):
    try:
        out = call()
        out.pop("ResponseMetadata", None)
        return out
    except botocore.exceptions.ClientError as error:
        return {"error": error.response["Error"]["Code"], "message": error.response["Error"].get("Message") or "",  # an empty XML element is None to botocore
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}


def plain(value):
    return json.loads(json.dumps(value, default=lambda o: o.isoformat() if isinstance(o, datetime.datetime) else str(o), sort_keys=True))


START = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, second=0)
ALARM = dict(AlarmName="p", Namespace="P", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
             Threshold=1.5, ComparisonOperator="GreaterThanThreshold", AlarmDescription="ümlaut & <tag>",
             AlarmActions=["arn:aws:sns:us-east-1:000000000000:none"], ActionsEnabled=False,
             Dimensions=[{"Name": "d", "Value": "v"}], TreatMissingData="notBreaching")

QUESTIONS = [
    ("PutMetricAlarm", lambda c: c.put_metric_alarm(**ALARM)),
    ("DescribeAlarms", lambda c: c.describe_alarms(AlarmNames=["p"])),
    ("DescribeAlarms none", lambda c: c.describe_alarms(AlarmNames=["nobody"])),
    ("DescribeAlarmsForMetric", lambda c: c.describe_alarms_for_metric(Namespace="P", MetricName="m", Dimensions=[{"Name": "d", "Value": "v"}])),
    ("PutMetricAlarm SUM", lambda c: c.put_metric_alarm(**{**ALARM, "Statistic": "SUM"})),
    ("SetAlarmState unknown", lambda c: c.set_alarm_state(AlarmName="nobody", StateValue="OK", StateReason="x")),
    ("SetAlarmState INVALID", lambda c: c.set_alarm_state(AlarmName="p", StateValue="INVALID", StateReason="x")),
    ("PutMetricData", lambda c: c.put_metric_data(Namespace="Q", MetricData=[
        {"MetricName": "n", "Timestamp": NOW, "Values": [1.5, 2, 1e300], "Counts": [1, 2, 1], "Unit": "Count"}])),
    ("PutMetricData both", lambda c: c.put_metric_data(Namespace="Q", MetricData=[{"MetricName": "n", "Value": 1, "Values": [1]}])),
    ("GetMetricStatistics", lambda c: c.get_metric_statistics(Namespace="Q", MetricName="n", StartTime=NOW, EndTime=NOW + datetime.timedelta(minutes=1),
                                                             Period=60, Statistics=["Maximum", "Average"], Unit="Count")),
    ("GetMetricStatistics reversed", lambda c: c.get_metric_statistics(Namespace="Q", MetricName="n", StartTime=NOW, EndTime=START, Period=60, Statistics=["Sum"])),
    ("GetMetricData", lambda c: c.get_metric_data(StartTime=NOW, EndTime=NOW + datetime.timedelta(minutes=1), MetricDataQueries=[
        {"Id": "m", "MetricStat": {"Metric": {"Namespace": "Q", "MetricName": "n"}, "Period": 60, "Stat": "Maximum"}, "ReturnData": True},
        {"Id": "e", "Expression": "IF(m > 1, m * 2, 0)", "Label": "double"}])),
    ("GetMetricData SEARCH", lambda c: c.get_metric_data(StartTime=NOW, EndTime=NOW + datetime.timedelta(minutes=1), MetricDataQueries=[
        {"Id": "e", "Expression": "SEARCH('x', 'Sum', 60)"}])),
    ("ListMetrics", lambda c: c.list_metrics(Namespace="Q")),
    ("DisableAlarmActions", lambda c: c.disable_alarm_actions(AlarmNames=["p"])),
    ("TagResource", lambda c: c.tag_resource(ResourceARN="arn:aws:cloudwatch:us-east-1:000000000000:alarm:p", Tags=[{"Key": "k", "Value": "v"}])),
    ("ListTagsForResource", lambda c: c.list_tags_for_resource(ResourceARN="arn:aws:cloudwatch:us-east-1:000000000000:alarm:p")),
    ("DescribeAlarmHistory type", lambda c: c.describe_alarm_history(AlarmName="p", HistoryItemType="Action")),
    ("DescribeAlarms token", lambda c: c.describe_alarms(NextToken="nonsense")),
]

# What cannot be equal: the time of the last change, and that the sums grow.
VOLATILE = {"AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp"}


def steady(value):
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in VOLATILE}
    if isinstance(value, list):
        return [steady(v) for v in value]
    return value


clients = {name: client("cloudwatch", name) for name in PROTOCOLS}
differences = 0
for title, ask in QUESTIONS:
    answers = {name: steady(plain(answer(lambda c=c: ask(c)))) for name, c in clients.items()}
    if "--print" in sys.argv:
        print(title, json.dumps(answers["json"]))
    for name in ("cbor", "query"):
        if answers[name] != answers["json"]:
            differences += 1
            print(f"{title}: json answers {answers['json']}\n    {name} answers {answers[name]}")
print(f"{len(QUESTIONS)} questions, {differences} differences")
sys.exit(1 if differences else 0)
